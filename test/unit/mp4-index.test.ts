// The packet index read from moov: equal to ffprobe's packets, or refused.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacketFlag } from '../../src/source-types.js'
import { readMp4Index, type Mp4Index } from '../../src/source/mp4-index.js'
import { mp4File, type WrittenTrack } from '../fixtures/mp4-writer.js'
import { probePackets, type ProbedPacket } from '../oracle/ffprobe-packets.js'

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=2']
const tone = ['-f', 'lavfi', '-i', 'sine=d=2']
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '15', '-threads', '1']

// Made in this order: later ones copy packets of earlier ones.
const recipes: Readonly<Record<string, readonly string[]>> = {
  'b-frames.mp4': [...picture, ...x264],
  'moov-first.mp4': [...picture, ...x264, '-movflags', 'faststart'],
  'negative-offsets.mp4': [...picture, ...x264, '-movflags', 'negative_cts_offsets'],
  'no-edit-list.mp4': [...picture, ...x264, '-use_editlist', '0'],
  'with-sound.mp4': [...picture, ...tone, ...x264],
  'late-picture.mp4': ['-itsoffset', '0.7', ...picture, ...tone, ...x264],
  'late-sound.mp4': [...picture, '-itsoffset', '0.7', ...tone, ...x264],
  'cut.mp4': ['-ss', '0.5', '-i', 'with-sound.mp4', '-t', '0.7', '-c', 'copy'],
  'cut.mov': ['-ss', '1.1', '-i', 'b-frames.mp4', '-t', '0.3', '-c', 'copy'],
  'cut-negative-offsets.mp4': ['-ss', '0.5', '-i', 'b-frames.mp4', '-t', '0.7', '-c', 'copy', '-movflags', 'negative_cts_offsets'],
  'cut-at-key.mp4': ['-ss', '0.6', '-i', 'with-sound.mp4', '-c', 'copy'],
  'no-b-frames.mp4': [...picture, ...x264, '-bf', '0'],
  'uneven.mp4': [...picture, '-vf', "setpts='PTS+if(gt(mod(N,7),3),0.02,0)/TB'", '-fps_mode', 'vfr', ...x264],
  'single.mp4': [...picture, '-frames:v', '1', '-c:v', 'mpeg4'],
  'mpeg4.mov': [...picture, '-c:v', 'mpeg4', '-bf', '2'],
  'prores.mov': [...picture, '-c:v', 'prores_ks', '-frames:v', '5'],
  'pcm-sound.mov': [...picture, ...tone, ...x264, '-c:a', 'pcm_s16le'],
  'chapter-and-timecode.mov': ['-i', 'with-sound.mp4', '-c', 'copy', '-timecode', '01:00:00:00'],
  'two-pictures.mp4': ['-i', 'with-sound.mp4', '-i', 'cut.mov', '-map', '0', '-map', '1', '-c', 'copy'],
}
const refusedRecipes: Readonly<Record<string, readonly string[]>> = {
  'fragments.mp4': ['-i', 'b-frames.mp4', '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov'],
  'fragments-behind-samples.mp4': ['-i', 'b-frames.mp4', '-c', 'copy', '-movflags', 'frag_keyframe'],
  'flv-inside.mp4': ['-i', 'no-b-frames.mp4', '-c', 'copy', '-f', 'flv'],
  'all-key-h264.mp4': [...picture, ...x264, '-g', '1'],
  'vp9.mp4': [...picture, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-frames:v', '5'],
  'mpeg2-as-mp4v.mp4': [...picture, '-c:v', 'mpeg2video', '-frames:v', '5'],
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framemill-mp4-index-'))
  for (const [name, options] of Object.entries({ ...recipes, ...refusedRecipes })) {
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...options, name], { cwd: folder })
  }
}, 60_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function rows({ packets }: Mp4Index): ProbedPacket[] {
  const { pts, dts, size, flags } = packets
  return Array.from(pts, (each, row) => ({ pts: each, dts: dts[row] ?? NaN, size: size[row] ?? NaN, flags: flags[row] ?? NaN }))
}

async function indexOf(name: string, streamIndex = 0): Promise<Mp4Index> {
  const index = await readMp4Index(join(folder, name), streamIndex)
  if (!index) throw new Error(`${name} was refused`)
  return index
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('readMp4Index()', () => {
  it.each(Object.keys(recipes))('gives the packets ffprobe gives: %s', async (name) => {
    expect(rows(await indexOf(name))).toEqual(await probePackets(join(folder, name), 0))
  })

  it('numbers streams as libavformat does', async () => {
    expect(rows(await indexOf('two-pictures.mp4', 2))).toEqual(await probePackets(join(folder, 'two-pictures.mp4'), 2))
  })

  it('hides packets outside the edit list', async () => {
    const { packets } = await indexOf('cut.mp4')
    const hidden = packets.flags.filter((flags) => flags & PacketFlag.hidden)
    expect(hidden.length).toBeGreaterThan(0)
    expect(packets.pts.filter((_, row) => !((packets.flags[row] ?? 0) & PacketFlag.hidden)).toSorted()[0]).toBe(0)
  })

  it('counts time in the time scale of the track', async () => {
    expect((await indexOf('b-frames.mp4')).timeBase).toEqual({ num: 1, den: 12_800 })
  })

  it('gives as duration the ticks to the next packet, and repeats the last one', async () => {
    const { packets } = await indexOf('uneven.mp4')
    const { dts, duration } = packets
    expect(Array.from(duration.subarray(0, -1))).toEqual(Array.from(dts.subarray(1), (next, row) => next - (dts[row] ?? 0)))
    expect(duration.at(-1)).toBe(duration.at(-2))
    expect(Array.from((await indexOf('single.mp4')).packets.duration)).toEqual([512])
  })

  it.each(['b-frames.mp4', 'moov-first.mp4'])('reads moov and box headers only: %s', async (name) => {
    const { bytesRead, packets } = await indexOf(name)
    const mediaBytes = packets.size.reduce((sum, each) => sum + each, 0)
    expect(bytesRead).toBeLessThan(statSync(join(folder, name)).size - mediaBytes + 64)
  })

  it('marks packets whose bytes the file has lost', async () => {
    const whole = await indexOf('moov-first.mp4')
    const path = write('cut-short.mp4', readFileSync(join(folder, 'moov-first.mp4')).subarray(0, -1))
    const cut = await readMp4Index(path, 0)
    const truncated = Array.from(cut?.packets.flags ?? [], (flags) => flags & PacketFlag.truncated)
    expect(truncated.filter(Boolean)).toHaveLength(1)
    expect(cut?.packets.pts).toEqual(whole.packets.pts)
  })
})

describe('readMp4Index() with tables of any content', () => {
  const sample = fc.record({
    duration: fc.integer({ min: 1, max: 20 }),
    offset: fc.integer({ min: -15, max: 40 }),
    size: fc.integer({ min: 1, max: 20 }),
    isKey: fc.boolean(),
  })
  const samplesWithKey = fc
    .tuple(fc.array(sample, { minLength: 1, maxLength: 30 }), fc.boolean())
    .filter(([samples]) => samples.some((each) => each.isKey))
    .map(([samples, isReordered]) => samples.map((each) => (isReordered ? each : { ...each, offset: 0 })))
  const track: fc.Arbitrary<WrittenTrack> = fc
    .record({
      mediaTimescale: fc.constantFrom(25, 600, 12_800),
      movieTimescale: fc.constantFrom(600, 1000, 90_000),
      samples: samplesWithKey,
      samplesPerChunk: fc.integer({ min: 1, max: 5 }),
      emptyEdits: fc.array(fc.nat({ max: 1000 }), { maxLength: 2 }),
      startPercent: fc.nat({ max: 90 }),
      lengthPercent: fc.integer({ min: 10, max: 100 }),
    })
    .map(({ emptyEdits, startPercent, lengthPercent, ...rest }) => {
      const ticks = rest.samples.reduce((sum, each) => sum + each.duration, 0)
      const duration = Math.ceil((ticks * lengthPercent * rest.movieTimescale) / (100 * rest.mediaTimescale))
      const media = { duration, mediaTime: Math.floor((ticks * startPercent) / 100) }
      return { ...rest, edits: [...emptyEdits.map((each) => ({ duration: each, mediaTime: -1 })), media] }
    })

  it('gives the packets ffprobe gives, or none', async () => {
    let equal = 0
    const property = fc.asyncProperty(track, async (written) => {
      const path = write('written.mp4', mp4File(written))
      const index = await readMp4Index(path, 0)
      if (!index) return
      equal++
      expect(rows(index)).toEqual(await probePackets(path, 0))
    })
    await fc.assert(property, { numRuns: 60, seed: 20 })
    expect(equal).toBeGreaterThan(20)
  }, 60_000)

  it('answers whatever byte of moov is damaged', async () => {
    const bytes = readFileSync(join(folder, 'cut.mp4'))
    const moov = bytes.indexOf('moov')
    const property = fc.asyncProperty(fc.integer({ min: moov, max: bytes.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
      const damaged = Buffer.from(bytes)
      damaged[at] = value
      const index = await readMp4Index(write('damaged.mp4', damaged), 0)
      if (index) expect(index.packets.pts.every(Number.isSafeInteger)).toBe(true)
    })
    await fc.assert(property, { numRuns: 300, seed: 20 })
  }, 60_000)
})

describe('readMp4Index() gives null', () => {
  it.each(Object.keys(refusedRecipes))('for what its tables alone do not tell: %s', async (name) => {
    expect(await readMp4Index(join(folder, name), 0)).toBeNull()
  })

  it('for a stream that is not video or not there', async () => {
    expect(await readMp4Index(join(folder, 'with-sound.mp4'), 1)).toBeNull()
    expect(await readMp4Index(join(folder, 'with-sound.mp4'), 2)).toBeNull()
  })

  it('for a folder, a missing file, an empty file and text', async () => {
    expect(await readMp4Index(folder, 0)).toBeNull()
    expect(await readMp4Index(join(folder, 'missing.mp4'), 0)).toBeNull()
    expect(await readMp4Index(write('empty.mp4', new Uint8Array()), 0)).toBeNull()
    expect(await readMp4Index(write('text.mp4', Buffer.from('once upon a time')), 0)).toBeNull()
  })

  it('for a FIFO, without waiting for a writer', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.mp4')])
    expect(await readMp4Index(join(folder, 'pipe.mp4'), 0)).toBeNull()
  })

  it('for a file cut before its moov', async () => {
    const bytes = readFileSync(join(folder, 'b-frames.mp4'))
    expect(await readMp4Index(write('no-moov.mp4', bytes.subarray(0, bytes.indexOf('moov') + 100)), 0)).toBeNull()
  })

  it('for more samples of one size than the file has room for', async () => {
    const bytes = readFileSync(join(folder, 'b-frames.mp4'))
    const table = bytes.indexOf('stsz') + 8
    bytes.writeUInt32BE(1, table)
    bytes.writeUInt32BE(0xffffffff, table + 4)
    expect(await readMp4Index(write('crowd.mp4', bytes), 0)).toBeNull()
  })

  it('for several media edits and for edits at another speed', async () => {
    const samples = Array.from({ length: 10 }, () => ({ duration: 1, offset: 0, size: 1, isKey: true }))
    const times = { mediaTimescale: 25, movieTimescale: 25, samplesPerChunk: 10, samples }
    const twice = mp4File({
      ...times,
      edits: [
        { duration: 3, mediaTime: 1 },
        { duration: 3, mediaTime: 6 },
      ],
    })
    expect(await readMp4Index(write('twice.mp4', twice), 0)).toBeNull()
    const once = mp4File({ ...times, edits: [{ duration: 3, mediaTime: 1 }] })
    expect(await readMp4Index(write('once.mp4', once), 0)).not.toBeNull()
    once.writeUInt32BE(0x20000, once.indexOf('elst') + 20)
    expect(await readMp4Index(write('fast.mp4', once), 0)).toBeNull()
  })

  it('for cover art numbered before the stream', async () => {
    const bytes = readFileSync(join(folder, 'b-frames.mp4'))
    bytes.write('covr', bytes.indexOf('vmhd'), 'latin1')
    expect(await readMp4Index(write('cover.mp4', bytes), 0)).toBeNull()
  })
})

describe('readMp4Index() when aborted', () => {
  it('throws the reason of the signal', async () => {
    const reason = new Error('enough')
    await expect(readMp4Index(join(folder, 'b-frames.mp4'), 0, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('stops between reads', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const reading = readMp4Index(join(folder, 'b-frames.mp4'), 0, controller.signal)
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
  })
})
