// The same request gives the same packets, whatever the number of workers, the order of clips, and what else is exported beside it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Clip, type ExportOptions, type Transform } from '../../dist/index.js'
import { packetsOf, playedFrames, seeded } from './fixtures/exported.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let source: string
beforeAll(async () => {
  work = makeWorkspace()
  // libx264 repeats itself byte by byte only at widths that are multiples of 128: its macroblock tree reads past shorter rows. So all
  // pictures here are 128, 256 or 384 wide.
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=256x144:rate=30:duration=18', '-f', 'lavfi', '-i', 'sine=duration=18']
  source = await work.encode('source.mp4', ...picture, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '45', '-bf', '3', '-c:a', 'aac')
})
afterAll(() => work.remove())

const transforms: Readonly<Record<string, Transform>> = {
  scaled: { width: 384, height: 216 },
  cropped: { crop: { x: 64, y: 0, width: 128, height: 128 }, rotate: 180 },
  slower: { fps: 24, fadeIn: 0.5, speed: 0.5 },
  portrait: { width: 128, height: 256, fit: 'blurred' },
}

/** Every mode in every container that has its own way, and each transform; all begin and end between key frames. */
const wanted: readonly Clip[] = [
  ...(['mp4', 'mkv'] as const).flatMap((container) =>
    (['copy', 'smart', 'encode'] as const).map((mode, number): Clip => {
      const start = 0.7 + number
      return { name: `${mode}-${container}`, mode, container, start, end: start + 2.9 }
    }),
  ),
  ...Object.entries(transforms).map(([name, transform], number): Clip => ({ name, transform, start: number + 0.1, end: number + 2 })),
  // Encoded in two runs, each of at least 250 frames.
  { name: 'long', mode: 'encode', start: 0, end: 18, audio: { bitrate: 64_000 } },
]

/** Packets of every clip, by name; each clip is there and plays to its end. */
async function packetsBy(
  workers: number,
  requested: readonly Clip[],
  options: Partial<ExportOptions> = {},
): Promise<Record<string, readonly string[]>> {
  await using engine = new Engine({ workers, cache: false })
  const { clips } = await engine.exportClips(source, requested, { ...options, outDir: work.path('out'), existing: 'overwrite' })
  const packets: Record<string, readonly string[]> = {}
  for (const { name, status, error, output, frames } of clips) {
    expect([name, status, error]).toEqual([name, 'done', null])
    expect([name, await playedFrames(output ?? '')]).toEqual([name, frames])
    packets[name] = await packetsOf(output ?? '')
  }
  return packets
}

describe('an export', () => {
  let expected: Record<string, readonly string[]>
  beforeAll(async () => {
    expected = await packetsBy(1, wanted)
  })

  it('differs from clip to clip, so that equality says something', () => {
    expect(new Set(Object.values(expected).map((packets) => packets.join())).size).toBe(wanted.length)
  })

  it('gives the same packets on two workers as on one', async () => {
    expect(await packetsBy(2, wanted)).toEqual(expected)
  })

  it('gives the same packets in any order, with any number of clips at once', async () => {
    const random = seeded(3)
    const shuffled = wanted.map((clip) => ({ clip, place: random(1e6) })).toSorted((a, b) => a.place - b.place)
    expect(shuffled.map(({ clip }) => clip)).not.toEqual(wanted)
    const clips = shuffled.map(({ clip }) => clip)
    expect(await packetsBy(2, clips, { clipsAtOnce: 7 })).toEqual(expected)
  })

  it('of one clip, which may be shared out among threads, gives the same packets on two workers as on one', async () => {
    const one = wanted.slice(-1)
    expect(await packetsBy(2, one)).toEqual(await packetsBy(1, one))
  })
})
