// Where native code writes: into the view it is given, wherever that lies, and nowhere else.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { factCount, loadBinding, Outcome, type NativeOutput } from '../../dist/native/binding.js'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { asDecoded, everything, filling, openSampler } from './samplers.js'

const binding = loadBinding()
const guard = 0xa5
const margin = 4096
/** swscale may write this far past a picture. */
const slack = 64

/** The picture of the first frame, written into the middle of a guarded shared buffer; `room` bytes are offered beyond it. */
function writeGuarded(path: string, output: NativeOutput, room: number): { picture: Uint8Array; touchedOutside: number; bytes: number } {
  const sampler = openSampler(binding, path)
  try {
    sampler.configure(output)
    sampler.begin(everything)
    const facts = new Float64Array(factCount)
    expect(sampler.next(new Uint8Array(1), facts)).toBe(Outcome.tooSmall)
    const bytes = facts[7] ?? 0
    const buffer = new SharedArrayBuffer(2 * margin + bytes + room)
    const all = new Uint8Array(buffer).fill(guard)
    expect(sampler.next(new Uint8Array(buffer, margin, bytes + room), facts)).toBe(Outcome.frame)
    const outside = [...all.subarray(0, margin), ...all.subarray(margin + bytes + room)]
    const touchedOutside = outside.filter((byte) => byte !== guard).length
    return { picture: all.slice(margin, margin + bytes), touchedOutside, bytes }
  } finally {
    sampler.close()
  }
}

const turned = { transpose: true, mirrorX: true, mirrorY: false }
const outputs: { name: string; output: NativeOutput }[] = [
  { name: 'as decoded', output: asDecoded },
  { name: 'rgb24 of an odd width', output: filling('rgb24', 131, 97) },
  { name: 'rgb24 of width 1', output: filling('rgb24', 1, 7) },
  { name: 'rgba', output: filling('rgba', 133, 75) },
  { name: 'gray', output: filling('gray', 129, 65) },
  { name: 'yuv420p of odd sizes', output: filling('yuv420p', 101, 57) },
  { name: 'rgb24 between bars', output: filling('rgb24', 131, 131, { imageY: 28, imageHeight: 73 }) },
  { name: 'yuv420p between bars', output: filling('yuv420p', 131, 131, { imageY: 28, imageHeight: 73 }) },
  { name: 'rgba beside bars at the right edge', output: filling('rgba', 131, 73, { imageX: 30, imageWidth: 101 }) },
  {
    name: 'rgb24 cropped and magnified',
    output: filling('rgb24', 701, 403, { cropX: 0.31, cropY: 0.27, cropWidth: 0.11, cropHeight: 0.07 }),
  },
  { name: 'rgb24 turned', output: filling('rgb24', 97, 131, turned) },
  { name: 'yuv420p turned', output: filling('yuv420p', 97, 131, turned) },
  { name: 'as decoded, turned', output: { ...asDecoded, ...turned } },
  { name: 'a tensor of bytes', output: filling('rgb24', 33, 31, { tensor: true, channelsFirst: true }) },
  { name: 'a tensor of floats', output: filling('rgb24', 33, 31, { tensor: true, float32: true }) },
  { name: 'nearest, lanczos', output: filling('rgb24', 67, 41, { scaleFilter: 'lanczos' }) },
]

describe.each(outputs)('a picture $name', ({ output }) => {
  it.each([clips.bFrames, clips.oddSize444, clips.oddSizeVp9])('of $name is written nowhere but into its slot', ({ path }) => {
    const inSlot = writeGuarded(path, output, slack)
    expect(inSlot.touchedOutside).toBe(0)
    const tight = writeGuarded(path, output, 0)
    expect(tight.touchedOutside).toBe(0)
    expect(Buffer.compare(tight.picture, inSlot.picture)).toBe(0)
  })
})

describe('a view of shared memory at an offset', () => {
  it('receives the frame that ffmpeg decodes', async () => {
    const [first] = (await consultFfmpeg(clips.bFrames.path)).frames
    const { picture } = writeGuarded(clips.bFrames.path, asDecoded, slack)
    expect(createHash('md5').update(picture).digest('hex')).toBe(first?.digest)
  })

  it('that is not aligned receives floats all the same', () => {
    const output = filling('rgb24', 16, 9, { tensor: true, float32: true })
    const aligned = writeGuarded(clips.bFrames.path, output, 0).picture
    const sampler = openSampler(binding, clips.bFrames.path)
    sampler.configure(output)
    sampler.begin(everything)
    const odd = new Uint8Array(new SharedArrayBuffer(aligned.byteLength + 3), 3)
    expect(sampler.next(odd, new Float64Array(factCount))).toBe(Outcome.frame)
    sampler.close()
    expect(Uint8Array.from(odd)).toEqual(aligned)
  })

  it('is not written to any more after the call', () => {
    const sampler = openSampler(binding, clips.bFrames.path)
    sampler.configure(asDecoded)
    sampler.begin(everything)
    const facts = new Float64Array(factCount)
    const pixels = new Uint8Array(new SharedArrayBuffer((320 * 180 * 3) / 2))
    sampler.next(pixels, facts)
    pixels.fill(guard)
    for (let frame = 0; frame < 20; frame++) sampler.next(null, facts)
    sampler.close()
    expect(pixels.every((byte) => byte === guard)).toBe(true)
  })
})
