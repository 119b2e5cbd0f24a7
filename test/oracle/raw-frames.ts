// Owns reading the pictures that ffmpeg writes raw, one after the other, and how alike two of them are.
import { spawn } from 'node:child_process'

/** Samples of a picture; one byte each, or two for pixel formats of more than eight bits. */
export type Samples = Uint8Array | Uint16Array

/** Pictures of `byteLength` bytes that ffmpeg writes to stdout. Throws when it fails or ends within a picture. */
export async function* rawFrames(args: readonly string[], byteLength: number, bits: number): AsyncGenerator<Samples> {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', ...args, '-f', 'rawvideo', '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const chunks: AsyncIterable<Buffer> = child.stdout
  const complaints: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  try {
    let picture = new Uint8Array(byteLength)
    let filled = 0
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        const part = chunk.subarray(taken, taken + byteLength - filled)
        picture.set(part, filled)
        taken += part.length
        filled += part.length
        if (filled < byteLength) continue
        yield bits > 8 ? new Uint16Array(picture.buffer) : picture
        picture = new Uint8Array(byteLength)
        filled = 0
      }
    }
    const code = await closed
    if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${Buffer.concat(complaints).toString().trim()}`)
    if (filled > 0) throw new Error(`ffmpeg ${args.join(' ')}: pictures are not of ${byteLength} bytes`)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Mean squared difference of every `step`th sample. */
export function meanSquare(a: Samples, b: Samples, step: number): number {
  let sum = 0
  let count = 0
  for (let at = 0; at < a.length; at += step) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    sum += difference * difference
    count += 1
  }
  return sum / count
}

/** Peak signal-to-noise ratio in decibels; Infinity for equal pictures. */
export function psnrOf(square: number, bits: number): number {
  return 10 * Math.log10((2 ** bits - 1) ** 2 / square)
}
