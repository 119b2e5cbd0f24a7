// Owns `--thumbnails`: a picture from the middle of each scene.
import { join } from 'node:path'
import type { Engine, SampleReport, Scene } from '../index.js'
import { deliver } from './deliver.js'
import { encodeImage } from './image-file.js'
import type { Output, SampledFrame } from './output.js'
import { makeFolder, writeWhole } from './staged-file.js'
import { missingLine } from './summary-text.js'
import { sharpFrom } from './tile.js'

export interface ThumbnailRequest {
  readonly folder: string
  readonly width: number
  readonly stream: number | undefined
  readonly signal: AbortSignal
}

/** Two are encoded while a third is decoded. */
const keptAtMost = 2

/** Writes `scene-001.jpg` and so on. Gives what could not be had, in words; files in place are whole, also when it rejects. */
export async function writeThumbnails(
  engine: Engine,
  source: string,
  scenes: readonly Scene[],
  { folder, width, stream, signal }: ThumbnailRequest,
): Promise<string | undefined> {
  await makeFolder(folder)
  if (scenes.length === 0) return undefined
  let report: SampleReport | undefined
  const frames = engine.sample(source, {
    timestamps: scenes.map(({ start, end }) => (start + end) / 2),
    ...{ width, stream, signal, pixelFormat: 'rgb24' },
    onReport: (told) => {
      report = told
    },
  })
  await deliver(frames, [new ThumbnailFiles(folder, String(scenes.length).length)], () => keptAtMost)
  signal.throwIfAborted()
  return report && missingLine(report)
}

class ThumbnailFiles implements Output {
  readonly #folder: string
  readonly #digits: number

  constructor(folder: string, digits: number) {
    this.#folder = folder
    this.#digits = Math.max(3, digits)
  }

  async accept(frame: SampledFrame): Promise<void> {
    const path = join(this.#folder, `scene-${String(frame.number + 1).padStart(this.#digits, '0')}.jpg`)
    await writeWhole(path, await encodeImage(sharpFrom(frame), { format: 'jpg' }, path))
  }

  async finish(_report: SampleReport): Promise<undefined> {}

  async discard(): Promise<void> {}
}
