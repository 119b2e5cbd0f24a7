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
/** So many of them have to show something else than their neighbours before they are judged. */
const leastTelling = 3
/**
 * Decibels by which a block has to be liker to the neighbours to be early or late; and by which a frame would be, if it were its neighbour:
 * with less, the loss of encoding hides which it is.
 */
const clearlyLiker = 0.5
/**
 * Nearer to the neighbour by this share of what lies between the two source pictures. A frame that is late is nearer by all of it, one in its
 * place farther by as much; what an encoder holds on to while the noise of a still picture changes is as near to both.
 */
const clearlyNearer = 0.25
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
  /** Of the source's own picture, to those before and after. */
  readonly fromBefore: number
  readonly fromAfter: number
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
  const until = Math.max(end, secondsOf(last.ptsTicks, facts))
  const shown = ['-fps_mode', 'passthrough', '-pix_fmt', pixelFormat]
  const chosen = `select=between(pts\\,${first.ptsTicks}\\,${last.ptsTicks})`
  const lead = isSoughtExactly.test(source) ? neighbourSeconds : undefined
  const sources = await held([source, first.ptsTicks, last.ptsTicks, pixelFormat, byteLength].join(' '), () =>
    rawFrames(
      [
        ...[...partArguments(Math.min(start, secondsOf(first.ptsTicks, facts)), until, lead), '-copyts', '-i', fileUrl(source)],
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
    const [previous, next] = [sources[number + offset - 1], sources[number + offset + 1]]
    squares.push({
      own: apart(picture, own),
      before: apart(picture, previous),
      after: apart(picture, next),
      fromBefore: apart(own, previous),
      fromAfter: apart(own, next),
    })
    number += 1
  }
  return { psnrs, faults: timeFaults(squares) }
}

/** Infinity where there is no other. */
function apart(picture: Samples, other: Samples | undefined): number {
  return other === undefined ? Infinity : meanSquare(picture, other, neighbourStep)
}

/** A frame before or after a block that it, and most of its frames, are liker to. The first frame is a block of its own: it repeats nothing. */
function timeFaults(squares: readonly Squares[]): string[] {
  const blocks = [{ from: 0, block: squares.slice(0, 1) }]
  // What is left at the end belongs to the last block.
  for (let from = 0, to = 0; from < squares.length; from = to) {
    to = squares.length - from < 2 * blockLength ? squares.length : from + blockLength
    blocks.push({ from, block: squares.slice(from, to) })
  }
  return blocks.flatMap(({ from, block }) => {
    const isLiker = (other: 'before' | 'after', between: 'fromBefore' | 'fromAfter'): boolean => {
      const mean = (kind: 'own' | typeof other): number => block.reduce((sum, frame) => sum + frame[kind], 0) / block.length
      if (!(decibels(mean('own') / mean(other)) > clearlyLiker)) return false
      const telling = block.filter((frame) => isTelling(frame, frame[other], frame[between]))
      const share = block.length === 1 ? 0 : clearlyNearer
      const nearer = telling.filter((frame) => frame.own - frame[other] > share * frame[between])
      return telling.length >= Math.min(leastTelling, block.length) && nearer.length > telling.length / 2
    }
    const name = block.length === 1 ? `frame ${from} is` : `frames ${from} to ${from + block.length - 1} are`
    return [
      ...(isLiker('before', 'fromBefore') ? [`${name} liker to the source's one earlier`] : []),
      ...(isLiker('after', 'fromAfter') ? [`${name} liker to the source's one later`] : []),
    ]
  })
}

function isTelling({ own }: Squares, other: number, between: number): boolean {
  return Number.isFinite(between) && decibels(1 + between / Math.min(own, other)) > clearlyLiker
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio)
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
