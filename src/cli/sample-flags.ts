// Owns what the flags of `sample` mean together: which request, which outputs, and what contradicts what. No I/O.
import { extname } from 'node:path'
import type { EngineOptions, SampleOptions } from '../index.js'
import { Misuse } from './failure.js'
import { imageChannels } from './image-format.js'
import type { ImageEncoding, ImageFormat } from './image-format.js'

/** As parsed, under the names commander gives them. Absent: not on the command line. */
export interface SampleFlags
  extends
    Omit<SampleOptions, 'timestamps' | 'frameIndexes' | 'signal' | 'onProgress' | 'onReport'>,
    Pick<EngineOptions, 'workers' | 'codecThreads' | 'memoryLimit' | 'maxPixels' | 'cache' | 'allowPlaylists'> {
  at?: number[]
  frames?: number[]
  out?: string
  format?: ImageFormat
  quality?: number
  sheet?: string
  sprite?: string
  raw?: string
  json?: boolean
  md5?: boolean
  quiet?: boolean
  /** Seconds. */
  timeout?: number
}

/** What one `framemill sample` does; everything is decided but the source. */
export interface SampleRequest {
  readonly engine: EngineOptions
  readonly sample: SampleOptions
  readonly images: (ImageEncoding & { readonly folder: string }) | undefined
  readonly sheet: (ImageEncoding & { readonly path: string; readonly widestTile: number }) | undefined
  readonly sprite: { readonly folder: string; readonly quality: number | undefined; readonly widestTile: number } | undefined
  /** A path; `-` is stdout. */
  readonly raw: string | undefined
  /** What is printed on stdout. */
  readonly lines: 'json' | 'list' | undefined
  readonly md5: boolean
  readonly quiet: boolean
}

const sheetTileWidth = 320
const spriteTileWidth = 160
const sheetFrames = 25

/** Throws {@link Misuse} for what the CLI cannot serve; values that only the API can judge are left to it. */
export function resolveSampleFlags(flags: SampleFlags): SampleRequest {
  refuseContradictions(flags)
  const { at, frames, out, format = 'jpg', quality, sheet, sprite, raw, json, md5 = false, quiet = false, ...others } = flags
  const { workers, codecThreads, memoryLimit, maxPixels, cache, allowPlaylists, timeout, ...sample } = others
  const pictures = out ?? sheet ?? sprite
  const thumbnailsAlone = pictures !== undefined && (out ?? raw) === undefined && !md5
  const sized = sample.width !== undefined || sample.height !== undefined
  const widestTile = (usual: number): number => (thumbnailsAlone && sized ? Number.POSITIVE_INFINITY : usual)

  return {
    engine: {
      ...(workers !== undefined && { workers }),
      ...(codecThreads !== undefined && { codecThreads }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      ...(maxPixels !== undefined && { maxPixels }),
      ...(cache !== undefined && { cache }),
      ...(allowPlaylists !== undefined && { allowPlaylists }),
      ...(timeout !== undefined && { timeoutMs: Math.round(timeout * 1000) }),
    },
    sample: {
      ...(gridFlags(flags).length === 0 && { count: sheetFrames }),
      // Thumbnails alone are scaled where they are decoded.
      ...(thumbnailsAlone && !sized && { width: sheet === undefined ? spriteTileWidth : sheetTileWidth }),
      ...(pictures !== undefined && { pixelFormat: 'rgb24' }),
      ...sample,
      ...(at !== undefined && { timestamps: at }),
      ...(frames !== undefined && { frameIndexes: frames }),
    },
    images: out === undefined ? undefined : { folder: out, ...encoding(format, quality) },
    sheet:
      sheet === undefined ? undefined : { path: sheet, ...encoding(sheetFormat(sheet), quality), widestTile: widestTile(sheetTileWidth) },
    sprite: sprite === undefined ? undefined : { folder: sprite, quality, widestTile: widestTile(spriteTileWidth) },
    raw,
    lines: json === true ? 'json' : md5 || (pictures ?? raw) === undefined ? 'list' : undefined,
    md5,
    quiet,
  }
}

function refuseContradictions(flags: SampleFlags): void {
  const { out, format = 'jpg', quality, sheet, sprite, raw, pixelFormat = 'rgb24' } = flags
  const grids = gridFlags(flags)
  if (grids.length > 1) throw new Misuse(`${grids.join(' and ')} contradict each other: ask for frames in one way`)
  if (grids.length === 0 && sheet === undefined) throw new Misuse(`which frames? Ask with one of ${allGrids.join(', ')}`)

  if (flags.format !== undefined && out === undefined) throw new Misuse('--format needs --out DIR')
  if (quality !== undefined) {
    const formats = [out && format, sheet && sheetFormat(sheet), sprite && 'jpg'].filter((kind) => kind !== undefined)
    if (formats.length === 0) throw new Misuse('--quality needs --out, --sheet or --sprite')
    if (formats.every((kind) => kind === 'png')) throw new Misuse('--quality does not apply to png, which is lossless')
  }
  const picture = out !== undefined ? '--out' : sheet !== undefined ? '--sheet' : sprite !== undefined ? '--sprite' : undefined
  if (picture !== undefined && !(pixelFormat in imageChannels)) {
    throw new Misuse(`${picture} needs --pixel-format ${Object.keys(imageChannels).join(', ')} but received ${pixelFormat}`)
  }
  if (out !== undefined && format === 'jpg' && pixelFormat === 'rgba') {
    throw new Misuse('--format jpg has no alpha: use rgb24, or png or webp for rgba')
  }

  if (raw === '-' && flags.json === true) throw new Misuse('--raw - and --json contradict each other: both write to stdout')
  if (raw === '-' && flags.md5 === true) throw new Misuse('--raw - and --md5 contradict each other: both write to stdout')
  const ordered = [raw && '--raw', sheet && '--sheet', sprite && '--sprite'].find((flag) => flag !== undefined)
  if (flags.order === 'completion' && ordered !== undefined) {
    throw new Misuse(`${ordered} and --order completion contradict each other: it needs frames in order`)
  }
}

const allGrids = ['--fps', '--every', '--every-frames', '--count', '--at', '--frames', '--keyframes', '--all']

function gridFlags({ fps, every, everyFrames, count, at, frames, keyframes, all }: SampleFlags): string[] {
  const given = [fps, every, everyFrames, count, at, frames, keyframes, all]
  return allGrids.filter((_, index) => given[index] !== undefined)
}

/** The quality is for the lossy ones of several pictures; a PNG beside them stays lossless. */
function encoding(format: ImageFormat, quality: number | undefined): ImageEncoding {
  return { format, quality: format === 'png' ? undefined : quality }
}

function sheetFormat(path: string): ImageFormat {
  const extension = extname(path).toLowerCase()
  if (extension === '.jpg' || extension === '.jpeg') return 'jpg'
  if (extension === '.png') return 'png'
  if (extension === '.webp') return 'webp'
  throw new Misuse(`--sheet needs a file name that ends in .jpg, .png or .webp but received ${path}`)
}
