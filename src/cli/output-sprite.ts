// Owns `--sprite`: thumbnails tiled into numbered sheets, and the WebVTT file a player finds them by.
import { join } from 'node:path'
import sharp from 'sharp'
import type { SampleReport } from '../index.js'
import { Canvas } from './canvas.js'
import { encodeImage } from './image-file.js'
import type { Output, SampledFrame } from './output.js'
import { StagedFile, makeFolder } from './staged-file.js'
import { plainTile, scaledTile, tileSize } from './tile.js'
import { thumbnailsVtt } from './vtt.js'
import type { SpriteCue } from './vtt.js'

export interface SpriteOptions {
  readonly quality: number | undefined
  readonly widestTile: number
  /** Where the request ends on the timeline, when it ends before the source does. */
  readonly end: number | undefined
}

/** How many tiles a full sheet has: ten by ten, fewer when that makes a side longer than 4096, which players' decoders may refuse. */
export function spriteGrid(tileWidth: number, tileHeight: number): { readonly columns: number; readonly rows: number } {
  const fitting = (size: number): number => Math.min(10, Math.max(1, Math.floor(4096 / size)))
  return { columns: fitting(tileWidth), rows: fitting(tileHeight) }
}

interface Sheet {
  readonly name: string
  readonly canvas: Canvas
  readonly drawn: Promise<void>[]
}

/** Nothing appears under its name before all of it is written: sheets without their WebVTT, or with that of an older run, are useless. */
export class SpriteOutput implements Output {
  readonly #folder: string
  readonly #options: SpriteOptions
  readonly #cues: SpriteCue[] = []
  readonly #staged: StagedFile[] = []
  #tile: { readonly width: number; readonly height: number; readonly columns: number; readonly rows: number } | undefined
  #sheet: Sheet | undefined
  #sheets = 0
  #folderMade: Promise<void> | undefined
  #written: Promise<void> = Promise.resolve()

  constructor(folder: string, options: SpriteOptions) {
    this.#folder = folder
    this.#options = options
  }

  accept(frame: SampledFrame): Promise<void> | undefined {
    const isFirst = this.#folderMade === undefined
    this.#folderMade ??= makeFolder(this.#folder)
    this.#tile ??= withGrid(tileSize(frame, this.#options.widestTile))
    const { width, height, columns, rows } = this.#tile
    const sheet = (this.#sheet ??= this.#newSheet(width * columns, height * rows))
    const index = sheet.drawn.length
    const left = (index % columns) * width
    const top = Math.floor(index / columns) * height
    this.#cues.push({ start: frame.timestamp, file: sheet.name, left, top, width, height })
    const drawn = draw(frame, sheet.canvas, left, top, width, height)
    sheet.drawn.push(drawn ?? Promise.resolve())
    const done = sheet.drawn.length < columns * rows ? drawn : this.#write(sheet)
    return isFirst ? Promise.all([this.#folderMade, done]).then(() => undefined) : done
  }

  async finish(report: SampleReport): Promise<string | undefined> {
    if (this.#sheet !== undefined) await this.#write(this.#sheet)
    if (this.#cues.length === 0) return undefined
    const end = Math.min(this.#options.end ?? Number.POSITIVE_INFINITY, report.facts.durationSeconds)
    await this.#stage('thumbnails.vtt', Buffer.from(thumbnailsVtt(this.#cues, end)))
    for (const file of this.#staged) await file.commit()
    return `wrote ${this.#sheets} sprite sheet${this.#sheets === 1 ? '' : 's'} and thumbnails.vtt (${this.#cues.length} frames) to ${this.#folder}`
  }

  async discard(): Promise<void> {
    await this.#written.catch(() => undefined)
    for (const file of this.#staged) await file.discard().catch(() => undefined)
  }

  #newSheet(width: number, height: number): Sheet {
    this.#sheets++
    return { name: `sprite-${String(this.#sheets).padStart(3, '0')}.jpg`, canvas: new Canvas(width, height, [0, 0, 0]), drawn: [] }
  }

  /** Sheets are written one after the other; the frame that filled this one waits for it, which holds back the next. */
  #write(sheet: Sheet): Promise<void> {
    this.#sheet = undefined
    this.#written = Promise.all([this.#folderMade, this.#written, ...sheet.drawn]).then(async () => {
      const { name, canvas } = sheet
      const rows = Math.ceil(sheet.drawn.length / (this.#tile?.columns ?? 1))
      const used = canvas.cropped(rows * (this.#tile?.height ?? canvas.height))
      const raw = { width: used.width, height: used.height, channels: 3 } as const
      const image = sharp(used.data, { raw, limitInputPixels: false })
      await this.#stage(name, await encodeImage(image, { format: 'jpg', quality: this.#options.quality }, join(this.#folder, name)))
    })
    return this.#written
  }

  async #stage(name: string, data: Uint8Array): Promise<void> {
    const file = new StagedFile(join(this.#folder, name))
    this.#staged.push(file)
    await file.write(data)
  }
}

function withGrid(tile: { width: number; height: number }): { width: number; height: number; columns: number; rows: number } {
  return { ...tile, ...spriteGrid(tile.width, tile.height) }
}

/** Draws at once when the frame has the tile's size, else when sharp has scaled it. */
function draw(frame: SampledFrame, canvas: Canvas, left: number, top: number, width: number, height: number): Promise<void> | undefined {
  const tile = plainTile(frame, width, height)
  if (tile === undefined) return scaledTile(frame, width, height).then((scaled) => canvas.drawTile(scaled, left, top))
  canvas.drawTile(tile, left, top)
  return undefined
}
