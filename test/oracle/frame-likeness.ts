// Owns how alike the pictures of a clip and of its source are, and whether they are those of the right moment.
import { secondsOf } from './ffmpeg-oracle.js'
import { fileUrl, runTool } from './ffmpeg-command.js'
import { partArguments, type ExpectedClip } from './clip-range.js'
import { meanSquare, psnrOf, rawFrames, type Samples } from './raw-frames.js'

export interface Likenesses {
  /** Decibels of each frame to the source's of the same number. */
  readonly psnrs: readonly number[]
  /** Sentences about frames that are liker to the source's frame before or after. */
  readonly faults: readonly string[]
}

/** Frames that are judged together for being early or late: one alone may be liker to its neighbour, as encoders repeat what stands still. */
const blockLength = 8
/** Decibels by which a block has to be liker to the neighbours to be early or late. */
const clearlyLiker = 0.5
/** Of the samples, every how manyth is compared with the neighbours. */
const neighbourStep = 7

/** Before the first frame that is compared, in seconds: the rounding of any clock. */
const neighbourSeconds = 0.01

/** Formats in which a seek goes to the key frame before; in others it goes to about there. */
const isSoughtExactly = /\.(mp4|mov|mkv|webm)$/i

interface Squares {
  readonly own: number
  readonly before: number
  readonly after: number
}

/**
 * Compares frame by frame, in the pixel format of the clip, as they are shown (turned, where the file says so). `byteLength`: of a frame of
 * the clip. Throws where the pictures have other sizes than the source's.
 */
export async function compareWithSource(output: string, expected: ExpectedClip, byteLength: number): Promise<Likenesses> {
  const pixelFormat = await pixelFormatOf(output)
  const bits = Number(/p(9|1\d)(?:le|be)$/.exec(pixelFormat)?.[1] ?? 8)
  const { frames, before, after, facts, start, end, source } = expected
  const [first, last] = [before ?? frames[0], after ?? frames.at(-1)]
  if (first === undefined || last === undefined) return { psnrs: [], faults: [] }
  const shown = ['-fps_mode', 'passthrough', '-pix_fmt', pixelFormat]
  const chosen = `select=between(pts\\,${first.ptsTicks}\\,${last.ptsTicks})`
  const lead = isSoughtExactly.test(source) ? neighbourSeconds : undefined
  const sources = await held([source, first.ptsTicks, last.ptsTicks, pixelFormat, byteLength].join(' '), () =>
    rawFrames(
      [
        ...[...partArguments(Math.min(start, secondsOf(first.ptsTicks, facts)), end, lead), '-copyts', '-i', fileUrl(source)],
        ...['-map', `0:${facts.streamIndex}`, '-vf', chosen, ...shown],
      ],
      byteLength,
      bits,
    ),
  )
  const wanted = frames.length + (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1)
  if (sources.length !== wanted) throw new Error(`ffmpeg gives ${sources.length} pictures of the source instead of ${wanted}`)
  const outputs = rawFrames(['-i', fileUrl(output), '-map', '0:v:0', ...shown], byteLength, bits)
  const psnrs: number[] = []
  const squares: Squares[] = []
  const offset = before === undefined ? 0 : 1
  let number = 0
  for await (const picture of outputs) {
    const own = sources[number + offset]
    if (own === undefined || number >= frames.length) break
    psnrs.push(psnrOf(meanSquare(picture, own, 1), bits))
    const to = (other: Samples | undefined): number => (other === undefined ? Infinity : meanSquare(picture, other, neighbourStep))
    squares.push({ own: to(own), before: to(sources[number + offset - 1]), after: to(sources[number + offset + 1]) })
    number += 1
  }
  return { psnrs, faults: timeFaults(squares) }
}

/** A frame before or after a block that is liker than its own. The first one is a block of its own: it repeats nothing. */
function timeFaults(squares: readonly Squares[]): string[] {
  const blocks = [{ from: 0, block: squares.slice(0, 1) }]
  for (let from = 0; from < squares.length; from += blockLength) blocks.push({ from, block: squares.slice(from, from + blockLength) })
  return blocks.flatMap(({ from, block }) => {
    const mean = (kind: keyof Squares): number => block.reduce((sum, square) => sum + square[kind], 0) / block.length
    const isLiker = (kind: keyof Squares): boolean => 10 * Math.log10(mean('own') / mean(kind)) > clearlyLiker
    const name = block.length === 1 ? `frame ${from} is` : `frames ${from} to ${from + block.length - 1} are`
    return [
      ...(isLiker('before') ? [`${name} liker to the source's one earlier`] : []),
      ...(isLiker('after') ? [`${name} liker to the source's one later`] : []),
    ]
  })
}

/** Pictures of the last few parts: one part is compared with in several ways, and decoding it again takes longest. */
const heldParts = new Map<string, Promise<Samples[]>>()
const mostHeld = 4

async function held(key: string, read: () => AsyncGenerator<Samples>): Promise<Samples[]> {
  const pictures = heldParts.get(key) ?? collect(read())
  heldParts.set(key, pictures)
  for (const oldest of heldParts.keys()) if (heldParts.size > mostHeld) heldParts.delete(oldest)
  return pictures
}

async function collect(frames: AsyncGenerator<Samples>): Promise<Samples[]> {
  const all: Samples[] = []
  for await (const frame of frames) all.push(frame)
  return all
}

async function pixelFormatOf(path: string): Promise<string> {
  const { stdout } = await runTool('ffprobe', [
    ...['-select_streams', 'v:0', '-show_entries', 'stream=pix_fmt', '-of', 'default=nw=1:nk=1', fileUrl(path)],
  ])
  return stdout.trim().split('\n')[0] ?? ''
}
