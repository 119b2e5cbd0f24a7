// Owns what the flags of `analyze` mean together: which measurements are needed for what is asked, which outputs there are, and what
// contradicts what. No I/O.
import { extname } from 'node:path'
import type { AnalyzeOptions, ChapterFormat, EngineOptions, HighlightOptions, SceneOptions, SceneStrategy } from '../index.js'
import { Misuse } from './failure.js'
import { needsEdges, sceneOptionsOf, sceneParameters } from './scene-flags.js'
import type { SceneFlags } from './scene-flags.js'

/** Which measurements are taken, and how. */
export interface MeasureFlags extends Pick<
  AnalyzeOptions,
  'fps' | 'everyFrames' | 'all' | 'start' | 'end' | 'stream' | 'audioStream' | 'quality'
> {
  /** Commander says true where `--no-video` was not given. */
  video?: boolean
  audio?: boolean
}

/** As parsed, under the names commander gives them. Absent: not on the command line. */
export interface AnalyzeFlags
  extends
    MeasureFlags,
    SceneFlags,
    Pick<EngineOptions, 'workers' | 'codecThreads' | 'memoryLimit' | 'maxPixels' | 'cache' | 'allowPlaylists'> {
  edges?: boolean
  strategy?: SceneStrategy
  verify?: boolean
  highlights?: boolean
  top?: number
  /** Seconds of a highlight. */
  duration?: number
  silences?: boolean
  silenceNoise?: number
  silenceDuration?: number
  beats?: boolean
  black?: boolean
  freeze?: boolean
  series?: boolean
  json?: boolean
  /** true: on stdout. */
  csv?: string | true
  html?: string
  chart?: string
  sceneList?: string
  edl?: string
  otio?: string
  chapters?: string
  thumbnails?: string
  thumbnailWidth?: number
  quiet?: boolean
  /** Seconds. */
  timeout?: number
}

/** Which answers are wanted; undefined and false: not this one. */
export interface AskedParts {
  readonly scenes: SceneOptions | undefined
  /** Scenes are looked for where packets hint at them, not taken from the measurements. */
  readonly fastScenes: { readonly verify: boolean } | undefined
  readonly highlights: HighlightOptions | undefined
  readonly silences: { readonly noise: number | undefined; readonly duration: number | undefined } | undefined
  readonly beats: boolean
  readonly black: boolean
  readonly freezes: boolean
  readonly series: boolean
}

/** Paths of files to be made. */
export interface AnalysisFiles {
  readonly csv: string | undefined
  readonly html: string | undefined
  readonly chart: string | undefined
  readonly sceneList: string | undefined
  readonly edl: string | undefined
  readonly otio: string | undefined
  readonly chapters: { readonly path: string; readonly format: ChapterFormat } | undefined
}

/** What one `framemill analyze` does; everything is decided but the source. */
export interface AnalyzeRequest {
  readonly engine: EngineOptions
  /** null: for nothing that was asked. */
  readonly measure: Omit<AnalyzeOptions, 'signal' | 'onProgress'> | null
  readonly part: Pick<AnalyzeOptions, 'start' | 'end' | 'stream' | 'quality'>
  readonly asked: AskedParts
  readonly files: AnalysisFiles
  readonly thumbnails: { readonly folder: string; readonly width: number } | undefined
  /** What goes to stdout. */
  readonly print: 'json' | 'csv' | 'text'
  readonly quiet: boolean
}

/** Enough to see what is worth seeing; ten minutes are 1200 frames. */
export const usualRate = 2
const thumbnailWidth = 320

/** @throws Misuse for what cannot be meant; values that only the API can judge are left to it */
export function resolveAnalyzeFlags(flags: AnalyzeFlags): AnalyzeRequest {
  const files = filesOf(flags)
  const asked = askedOf(flags)
  refuseContradictions(flags, asked)
  const { workers, codecThreads, memoryLimit, maxPixels, cache, allowPlaylists, timeout, json, csv, thumbnails, quiet = false } = flags
  const { start, end, stream, quality } = flags
  return {
    engine: {
      ...{ workers, codecThreads, memoryLimit, maxPixels, cache, allowPlaylists },
      timeoutMs: timeout === undefined ? undefined : Math.round(timeout * 1000),
    },
    measure: measureOf(flags, asked),
    part: { start, end, stream, quality },
    asked,
    files,
    thumbnails: thumbnails === undefined ? undefined : { folder: thumbnails, width: flags.thumbnailWidth ?? thumbnailWidth },
    print: json === true ? 'json' : csv === true || csv === '-' ? 'csv' : 'text',
    quiet,
  }
}

const sceneFiles = ['sceneList', 'edl', 'otio', 'chapters', 'thumbnails'] as const

function askedOf(flags: AnalyzeFlags): AskedParts {
  const scenes = flags.scenes !== undefined || sceneFiles.some((key) => flags[key] !== undefined)
  const { strategy, verify = false, top, duration, silenceNoise, silenceDuration } = flags
  const { silences = false, beats = false, black = false, freeze: freezes = false, series = false } = flags
  const anything = scenes || flags.highlights === true || silences || beats || black || freezes || series || flags.csv !== undefined
  return {
    scenes: scenes ? sceneOptionsOf(flags) : undefined,
    fastScenes: scenes && strategy === 'fast' ? { verify } : undefined,
    highlights: flags.highlights === true || !anything ? { top, duration } : undefined,
    silences: silences ? { noise: silenceNoise, duration: silenceDuration } : undefined,
    beats,
    black,
    freezes,
    series,
  }
}

/** What the answers and files need, and no more. */
function measureOf(flags: AnalyzeFlags, asked: AskedParts): AnalyzeRequest['measure'] {
  const { start, end, stream, audioStream, quality, edges = false } = flags
  const shown = asked.series || flags.csv !== undefined || flags.html !== undefined || flags.chart !== undefined
  const everyFrame = (asked.scenes !== undefined && asked.fastScenes === undefined) || asked.black || asked.freezes
  const pictures = everyFrame || shown || asked.highlights !== undefined
  const sound = shown || asked.highlights !== undefined || asked.silences !== undefined || asked.beats
  if (!pictures && !sound) return null
  const grid = { fps: flags.fps, everyFrames: flags.everyFrames, all: flags.all }
  const usual = everyFrame ? { all: true } : { fps: usualRate }
  return {
    ...(gridFlags(flags).length > 0 ? grid : usual),
    ...{ start, end, stream, audioStream, quality },
    video: pictures && flags.video !== false,
    audio: sound && flags.audio !== false,
    edges: edges || needsEdges(flags),
  }
}

function filesOf(flags: AnalyzeFlags): AnalysisFiles {
  const { csv, html, chart, sceneList, edl, otio, chapters } = flags
  return {
    csv: csv === undefined || csv === true || csv === '-' ? undefined : named('--csv', csv, ['.csv']),
    html: named('--html', html, ['.html', '.htm']),
    chart: named('--chart', chart, ['.svg']),
    sceneList: named('--scene-list', sceneList, ['.csv']),
    edl: named('--edl', edl, ['.edl']),
    otio: named('--otio', otio, ['.otio']),
    chapters: chapters === undefined ? undefined : { path: chapters, format: chapterFormat(chapters) },
  }
}

/** A name of another kind is more likely a video that would be replaced than what is meant. */
function named<Path extends string | undefined>(flag: string, path: Path, extensions: readonly string[]): Path {
  if (path !== undefined && !extensions.includes(extname(path).toLowerCase())) {
    throw new Misuse(`${flag} needs a file name that ends in ${extensions.join(' or ')} but received ${path}`)
  }
  return path
}

const chapterFormats: Readonly<Record<string, ChapterFormat>> = {
  '.txt': 'ffmetadata',
  '.ffmeta': 'ffmetadata',
  '.vtt': 'webvtt',
  '.ogm': 'ogm',
}

function chapterFormat(path: string): ChapterFormat {
  const format = chapterFormats[extname(path).toLowerCase()]
  if (format === undefined) throw new Misuse(`--chapters needs a file name that ends in .txt, .ffmeta, .vtt or .ogm but received ${path}`)
  return format
}

const allGrids = ['--fps', '--every-frames', '--all']

function gridFlags({ fps, everyFrames, all }: MeasureFlags): string[] {
  const given = [fps, everyFrames, all]
  return allGrids.filter((_, index) => given[index] !== undefined)
}

function refuseContradictions(flags: AnalyzeFlags, asked: AskedParts): void {
  const grids = gridFlags(flags)
  if (grids.length > 1) throw new Misuse(`${grids.join(' and ')} contradict each other: ask for frames in one way`)
  refuseAlone(flags, asked)
  refuseFast(flags, asked)
  refuseWithout(flags, asked)
  const { json, csv, series } = flags
  if (json === true && (csv === true || csv === '-')) throw new Misuse('--json and --csv contradict each other: both write to stdout')
  if (series === true && json !== true && csv === undefined) throw new Misuse('--series needs --json, or --csv')
  const { csv: csvFile, html, chart, sceneList, edl, otio, chapters } = filesOf(flags)
  const paths = [csvFile, html, chart, sceneList, edl, otio, chapters?.path].filter((path) => path !== undefined)
  const doubled = paths.find((path, index) => paths.indexOf(path) < index)
  if (doubled !== undefined) throw new Misuse(`${doubled} cannot hold two outputs`)
}

/** Flags that say more about a part that was not asked for. */
function refuseAlone(flags: AnalyzeFlags, asked: AskedParts): void {
  const [sceneParameter] = [...sceneParameters(flags), ...(flags.strategy === undefined ? [] : ['--strategy'])]
  if (sceneParameter !== undefined && asked.scenes === undefined) throw new Misuse(`${sceneParameter} needs --scenes`)
  if (asked.highlights === undefined && (flags.top ?? flags.duration) !== undefined) {
    throw new Misuse(`${flags.top === undefined ? '--duration' : '--top'} needs --highlights`)
  }
  if (asked.silences === undefined && (flags.silenceNoise ?? flags.silenceDuration) !== undefined) {
    throw new Misuse(`${flags.silenceNoise === undefined ? '--silence-duration' : '--silence-noise'} needs --silences`)
  }
  if (flags.thumbnailWidth !== undefined && flags.thumbnails === undefined) throw new Misuse('--thumbnail-width needs --thumbnails DIR')
}

/** What a search that measures little cannot do. */
function refuseFast(flags: AnalyzeFlags, asked: AskedParts): void {
  if (flags.verify === true && asked.fastScenes === undefined) throw new Misuse('--verify needs --strategy fast')
  if (asked.fastScenes === undefined) return
  if (asked.scenes?.detector === 'threshold') {
    throw new Misuse('--strategy fast and --scenes threshold contradict each other: packets do not tell how bright pictures are')
  }
  const [grid] = gridFlags(flags)
  if (grid !== undefined && measureOf(flags, asked) === null) {
    throw new Misuse(`${grid} and --strategy fast contradict each other: it looks where packets hint at scenes`)
  }
}

/** What was asked for cannot be answered without what was refused. */
function refuseWithout({ video, audio }: AnalyzeFlags, asked: AskedParts): void {
  if (video === false && audio === false) throw new Misuse('--no-video and --no-audio contradict each other: nothing is left')
  const ofPictures = [asked.scenes && '--scenes', asked.black && '--black', asked.freezes && '--freeze'].find(Boolean)
  if (video === false && ofPictures) throw new Misuse(`${ofPictures} and --no-video contradict each other: it looks at pictures`)
  const ofSound = [asked.silences && '--silences', asked.beats && '--beats'].find(Boolean)
  if (audio === false && ofSound) throw new Misuse(`${ofSound} and --no-audio contradict each other: it listens to the sound`)
}
