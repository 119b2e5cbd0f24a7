// Sound measured through the border, against arithmetic on the samples that ffmpeg decodes and against ffmpeg's own filters.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBinding } from '../../dist/native/binding.js'
import { NativeLaneWord, nativeLaneWordCount } from '../../dist/native/lane-words.js'
import { Lane, WorkerLane } from '../../dist/pool/lane.js'
import { runAnalyzeSound } from '../../dist/worker/analyze-sound-handler.js'
import { clips } from '../fixtures/index.js'
import { decodeChannels, measurePlainly, measureWithFfmpeg } from '../oracle/sound-measures.js'
import { sourceOf } from './samplers.js'
import { measureSound, partOf, type MeasuredSound } from './sound-analyzers.js'

const run = promisify(execFile)
const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-analyze-sound-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => binding.useLane(null))

async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args])
}
const lavfi = (graph: string): string[] => ['-f', 'lavfi', '-i', graph]

/** A file made of a source of sound, by its name; `args` say how it is encoded. */
async function made(name: string, graph: string, ...args: string[]): Promise<string> {
  const path = join(folder, name)
  await ffmpeg(...lavfi(graph), ...args, path)
  return path
}

const noise = (rate: number, seconds: number): string => `anoisesrc=seed=3:color=pink:sample_rate=${rate}:duration=${seconds}:amplitude=0.5`
/** A tone that comes and goes twice a second, louder each time, a chord in the other channels. */
const music = (rate: number, channels: string[]): string => {
  const voice = (_: string, n: number): string => `0.3*lt(mod(t\\,0.5)\\,0.3)*t/1.5*sin(2*PI*${220 * (n + 1)}*t)+0.02*(random(${n})-0.5)`
  return `aevalsrc=exprs=${channels.map(voice).join('|')}:channel_layout=${channels.join('+')}:sample_rate=${rate}:duration=1.503`
}
const surround = ['FL', 'FR', 'FC', 'LFE', 'BL', 'BR']

/** The largest difference of two columns, as a share of the larger value where that is above `floor`. */
function worst(mine: ArrayLike<number>, expected: ArrayLike<number>, floor: number): number {
  return Math.max(
    ...Array.from(expected, (value, window) => {
      const own = mine[window] ?? NaN
      return own === value ? 0 : Math.abs(own - value) / Math.max(floor, Math.abs(value), Math.abs(own))
    }),
  )
}

const secondsOf = (column: Float32Array, isWanted: (value: number) => boolean): number => column.filter(isWanted).length / 100

describe('windows of 10 ms', () => {
  it.each([
    ['mono of 8 kHz in 8 bits', 8000, ['FC'], ['-c:a', 'pcm_u8'], 'wav'],
    ['mono of 22.05 kHz in 16 bits', 22_050, ['FC'], ['-c:a', 'pcm_s16le'], 'wav'],
    ['stereo of 44.1 kHz in 24 bits', 44_100, ['FL', 'FR'], ['-c:a', 'pcm_s24le'], 'wav'],
    ['stereo of 48 kHz in floats', 48_000, ['FL', 'FR'], ['-c:a', 'pcm_f32le'], 'wav'],
    ['stereo of 48 kHz in doubles', 48_000, ['FL', 'FR'], ['-c:a', 'pcm_f64le'], 'wav'],
    ['FLAC', 48_000, ['FL', 'FR'], ['-c:a', 'flac'], 'flac'],
    ['AAC of six channels', 48_000, surround, ['-c:a', 'aac'], 'm4a'],
    ['MP2 of 44.1 kHz', 44_100, ['FL', 'FR'], ['-c:a', 'mp2'], 'mp2'],
  ] as const)('hold what arithmetic makes of the samples: %s', async (name, rate, channels, args, extension) => {
    const path = await made(`${name}.${extension}`, music(rate, [...channels]), ...args)
    const lfe = channels.length === 6 ? 3 : undefined
    const expected = measurePlainly(await decodeChannels(path, channels.length), rate, lfe)
    const mine = measureSound(binding, path)
    expect([mine.count, mine.gaps]).toEqual([expected.count, []])
    expect(worst(mine.rms, expected.rms, 1e-4)).toBeLessThan(1e-5)
    expect(worst(mine.peak, expected.peak, 1e-4)).toBeLessThan(1e-6)
    expect(worst(mine.zeroCrossings, expected.zeroCrossings, 1e-4)).toBeLessThan(1e-6)
    expect(worst(mine.centroid, expected.centroid, 1)).toBeLessThan(1e-4)
    expect(worst(mine.flux, expected.flux, 1)).toBeLessThan(1e-3)
  })

  it('of a sine tell its level, its frequency and its crossings', async () => {
    const path = await made('sine.wav', 'aevalsrc=0.5*sin(2*PI*1000*t):sample_rate=48000:duration=1', '-c:a', 'pcm_f32le')
    const { rms, peak, zeroCrossings, centroid, loudness, flux } = measureSound(binding, path)
    expect(worst(rms.subarray(0, 100), new Float32Array(100).fill(0.5 / Math.SQRT2), 1)).toBeLessThan(1e-6)
    expect(worst(peak.subarray(0, 100), new Float32Array(100).fill(0.5), 1)).toBeLessThan(1e-6)
    // A sample at zero may fall on either side of it.
    expect(zeroCrossings.subarray(1).every((share) => Math.abs(share - 20 / 480) < 1.5 / 480)).toBe(true)
    expect(centroid.subarray(2, 98).every((hertz) => Math.abs(hertz - 1000) < 5)).toBe(true)
    expect(flux.subarray(2, 98).every((growth) => growth < 0.1)).toBe(true)
    // BS.1770-4: a sine of 997 Hz at full scale in one channel measures -3.01 LUFS; half of it is 6.02 dB less.
    expect(loudness.at(-1)).toBeCloseTo(-3.01 - 6.02, 1)
  })

  it('show onsets where clicks are, and nowhere else', async () => {
    const clicks = 'aevalsrc=0.02*sin(2*PI*200*t)+0.5*lt(mod(t+0.13\\,0.4)\\,0.005)*(random(0)-0.5):sample_rate=44100:duration=4'
    const { flux } = measureSound(binding, await made('clicks.wav', clicks))
    const found = Array.from(flux.keys()).filter(
      (window) => (flux[window] ?? 0) > 20 && (flux[window] ?? 0) >= Math.max(...flux.subarray(window - 5, window + 6)),
    )
    const expected = Array.from({ length: 10 }, (_, click) => 0.27 + 0.4 * click)
    expect(
      found.filter((window) => window > 0).map((window) => expected.findIndex((at) => Math.abs(window / 100 + 0.005 - at) <= 0.015)),
    ).toEqual(expected.map((_, click) => click))
  })

  it('of silence are silent, and begin where silencedetect says', async () => {
    const path = await made('silence.wav', 'aevalsrc=0.3*sin(2*PI*440*t)*(lt(t\\,1)+gt(t\\,2.5)):sample_rate=48000:duration=3.5')
    const { rms, peak, loudness, zeroCrossings, centroid, flux } = measureSound(binding, path)
    const { stderr } = await run('ffmpeg', ['-nostdin', '-i', path, '-af', 'silencedetect=noise=-60dB:d=0.5', '-f', 'null', '-'])
    const [start, end] = ['silence_start', 'silence_end'].map((key) => Number(new RegExp(`${key}: (\\S+)`).exec(stderr)?.[1]))
    expect([start, end].map((time) => Math.round((time ?? NaN) * 100))).toEqual([100, 250])
    for (const column of [rms, peak, zeroCrossings, centroid]) expect(column.subarray(102, 248).every((value) => value === 0)).toBe(true)
    expect(flux.subarray(103, 248).every((value) => value === 0)).toBe(true)
    expect([rms[99], rms[100], rms[249], rms[250]].map((value) => (value ?? NaN) > 0.001)).toEqual([true, false, false, true])
    expect(loudness.subarray(145, 249).every((value) => value === -Infinity)).toBe(true)
  })

  it('are the same each time, bit by bit', async () => {
    const path = await made('again.m4a', noise(48_000, 2), '-ac', '2', '-c:a', 'aac')
    const [first, second] = [measureSound(binding, path), measureSound(binding, path)]
    expect(Buffer.from(first.rows.buffer).equals(Buffer.from(second.rows.buffer))).toBe(true)
  })

  it('are not spoiled by samples that are no numbers', async () => {
    const path = await made('floats.wav', noise(48_000, 1), '-c:a', 'pcm_f32le')
    const bytes = readFileSync(path)
    const at = bytes.indexOf('data') + 8
    for (const [n, value] of [NaN, Infinity, -1e30].entries()) bytes.writeFloatLE(value, at + 4 * (24_000 + n))
    writeFileSync(path, bytes)
    const { rms, peak, loudness, centroid, flux } = measureSound(binding, path)
    for (const column of [rms, peak, loudness, centroid, flux]) expect(column.every(Number.isFinite)).toBe(true)
    expect(Math.max(...peak)).toBeLessThan(1)
  })
})

describe('momentary loudness', () => {
  it.each([
    ['mono', 48_000, ['FC'], 0.01],
    ['stereo', 48_000, ['FL', 'FR'], 0.01],
    ['stereo of 44.1 kHz', 44_100, ['FL', 'FR'], 0.02],
    ['six channels', 48_000, surround, 0.01],
    ['six channels of 96 kHz', 96_000, surround, 0.05],
  ] as const)("is that of ffmpeg's ebur128: %s", async (name, rate, channels, tolerance) => {
    const path = await made(`loudness ${name}.wav`, music(rate, [...channels]), '-c:a', 'pcm_f32le')
    const [{ loudness }, oracle] = [measureSound(binding, path), await measureWithFfmpeg(path, rate)]
    expect(differences(loudness, oracle)).toHaveLength(12)
    expect(Math.max(...differences(loudness, oracle))).toBeLessThan(tolerance)
  })

  // Of low rates, ffmpeg's filter is a little louder than the standard's at 48 kHz; so it is given what was brought there.
  it.each([
    [8000, 0.1],
    [22_050, 0.02],
  ])('is that of the same sound at 48 kHz where the rate is %i', async (rate, tolerance) => {
    const path = await made(`low ${rate}.wav`, `sine=frequency=700:sample_rate=${rate}:duration=2,tremolo=f=2:d=0.9`, '-c:a', 'pcm_f32le')
    const [{ loudness }, oracle] = [measureSound(binding, path), await measureWithFfmpeg(path, 48_000)]
    expect(differences(loudness, oracle)).toHaveLength(17)
    expect(Math.max(...differences(loudness, oracle))).toBeLessThan(tolerance)
  })

  /** Of the windows that end where ffmpeg's whole pieces of 100 ms do; it says nothing before it has heard 400 ms. */
  function differences(loudness: Float32Array, oracle: readonly { start: number; momentary: number }[]): number[] {
    return oracle
      .slice(3, Math.floor(loudness.length / 10))
      .map(({ start, momentary }) => Math.abs((loudness[Math.round(start * 100) + 9] ?? NaN) - momentary))
  }
})

describe('a part of a file', () => {
  let flac = ''
  let whole: MeasuredSound
  beforeAll(async () => {
    flac = await made('part.flac', noise(44_100, 4), '-c:a', 'flac')
    whole = measureSound(binding, flac)
  })
  const at = (seconds: number): number => Math.round(seconds * 48_000)

  it.each([
    [0, 1],
    [0.3, 2],
    [1.23, 2.5],
    [2.22, NaN],
  ])('from %f to %f s has the windows that the whole has there', (start, end) => {
    const part = measureSound(binding, flac, { start: at(start), end: at(end) })
    const first = Math.round(start * 100)
    const last = Number.isNaN(end) ? whole.count : Math.round(end * 100)
    expect([part.count, part.gaps]).toEqual([last - first, []])
    for (const column of ['rms', 'peak', 'loudness', 'zeroCrossings', 'centroid', 'flux'] as const) {
      expect([column, worst(part[column], whole[column].subarray(first, last), 1)]).toEqual([column, expect.closeTo(0, 4)])
    }
  })

  it('has every window that begins before its end, whole', () => {
    const part = measureSound(binding, flac, { start: 0, end: at(1.004) })
    expect(part.count).toBe(101)
    expect([part.rms[100], part.flux[100]]).toEqual([whole.rms[100], whole.flux[100]])
  })

  it('ends with the sound, the last window with the samples that there are', () => {
    const part = measureSound(binding, flac, { start: at(3.9), end: at(60) })
    expect([part.count, part.gaps]).toEqual([10, []])
    const beyond = measureSound(binding, flac, { start: at(60), end: at(70) })
    expect([beyond.count, beyond.gaps]).toEqual([0, []])
  })

  it('of sound with loss is that of the whole, but for noise that its decoder makes up', async () => {
    const path = await made('part.m4a', noise(48_000, 4), '-c:a', 'aac', '-aac_pns', '0')
    const [all, part] = [measureSound(binding, path), measureSound(binding, path, { start: at(2), end: at(3) })]
    expect(part.count).toBe(100)
    expect(worst(part.rms, all.rms.subarray(200, 300), 1e-3)).toBeLessThan(1e-3)
    expect(worst(part.loudness, all.loudness.subarray(200, 300), 1)).toBeLessThan(1e-4)
  })

  it('tells how long it will be and how much is done', () => {
    const analyzer = new binding.SoundAnalyzer({ ...sourceOf(flac), ...partOf({ start: at(1), end: at(3) }) })
    expect([analyzer.duration(), analyzer.seconds()]).toEqual([2, 0])
    analyzer.step(20)
    expect(analyzer.seconds()).toBeGreaterThan(0)
    expect(analyzer.seconds()).toBeLessThan(2)
    while (analyzer.step(16));
    expect([analyzer.seconds(), analyzer.lastError(), analyzer.takeWindows().length]).toEqual([2, '', 1200])
    expect([analyzer.step(1), analyzer.takeWindows().length]).toEqual([false, 0])
    analyzer.close()
    const unbounded = new binding.SoundAnalyzer({ ...sourceOf(flac), ...partOf({ start: at(1) }) })
    expect(unbounded.duration()).toBeCloseTo(3, 2)
    unbounded.close()
  })
})

describe('what is missing', () => {
  /** Windows that have no sound, as their first and last. */
  const silentFrom = ({ rms }: MeasuredSound): [number, number] => [rms.findIndex(Number.isNaN), rms.findLastIndex(Number.isNaN)]

  it('before the sound begins is told, and has no windows', async () => {
    const path = join(folder, 'late.mkv')
    await ffmpeg('-itsoffset', '1.5', ...lavfi(noise(48_000, 2)), ...lavfi('color=size=64x64:duration=4'), '-c:a', 'flac', path)
    const streamIndex = binding.probe(sourceOf(path)).streams.findIndex(({ type }) => type === 'audio')
    const late = measureSound(binding, path, { streamIndex })
    expect(late.gaps).toEqual([{ start: 0, end: expect.closeTo(1.5, 3), reason: 'the stream has no sound here' }])
    expect([late.count, ...silentFrom(late)]).toEqual([350, 0, 149])
    for (const column of [late.rms, late.peak, late.loudness, late.zeroCrossings, late.centroid, late.flux]) {
      expect(secondsOf(column, Number.isNaN)).toBe(1.5)
    }
  })

  it('between two packets is a gap, whose edges are no onsets', async () => {
    const path = join(folder, 'gap.mkv')
    const holes = "aselect='not(between(t,1,2.2))'"
    await ffmpeg(...lavfi('sine=frequency=440:sample_rate=48000:duration=4'), '-af', holes, '-c:a', 'pcm_s16le', path)
    const { rms, flux, loudness, gaps, count } = measureSound(binding, path)
    const [gap] = gaps
    expect(gaps).toHaveLength(1)
    expect([gap?.start, gap?.end]).toEqual([expect.closeTo(1, 1), expect.closeTo(2.2, 1)])
    const inside = (window: number): boolean => window / 100 >= (gap?.start ?? NaN) && (window + 1) / 100 <= (gap?.end ?? NaN)
    // Matroska rounds timestamps to milliseconds.
    expect([400, 401]).toContain(count)
    expect(Array.from(rms, Number.isNaN)).toEqual(Array.from(rms, (_, window) => inside(window)))
    expect(flux.subarray(3).every((growth) => Number.isNaN(growth) || growth < 2)).toBe(true)
    // Loudness begins anew.
    const after = Math.ceil((gap?.end ?? NaN) * 100)
    expect((loudness[after + 1] ?? NaN) < (loudness[after + 45] ?? NaN) - 6).toBe(true)
  })

  it('is nothing where one timestamp wavers, as those of Vorbis do between blocks of two lengths', async () => {
    const path = await made('steady.mkv', noise(48_000, 2), '-c:a', 'flac')
    const wavering = join(folder, 'wavering.mkv')
    await ffmpeg('-i', path, '-c', 'copy', '-bsf:a', 'setts=ts=TS+14*eq(mod(N\\,10)\\,5)-14*eq(mod(N\\,10)\\,8)', wavering)
    const [steady, measured] = [measureSound(binding, path), measureSound(binding, wavering)]
    expect(measured.gaps).toEqual([])
    expect(Buffer.from(measured.rows.buffer).equals(Buffer.from(steady.rows.buffer))).toBe(true)
  })

  it.each([
    ['an hour', 3600, 3602],
    ['a day, which is an error of the source,', 86_400, 2],
  ])('of %s in the middle is a gap of its length, or none', async (_, jump, seconds) => {
    const path = await made('even.mkv', noise(8000, 2), '-c:a', 'flac')
    const jumping = join(folder, 'jumping.mkv')
    await ffmpeg('-i', path, '-c', 'copy', '-bsf:a', `setts=ts=TS+${jump * 1000}*gte(N\\,2)`, jumping)
    const { count, rms, gaps } = measureSound(binding, jumping)
    expect([Math.round(count / 100), gaps.length]).toEqual([seconds, seconds > 2 ? 1 : 0])
    expect(secondsOf(rms, Number.isNaN)).toBeCloseTo(seconds - 2, 0)
  })

  it.each([
    ['m4a', 'aac'],
    ['ts', 'mp2'],
    ['mp4', 'ac3'],
  ])('in a damaged %s of %s is named, and the rest is what it was', async (extension, codec) => {
    const path = await made(`sound.${extension}`, noise(48_000, 6), '-c:a', codec, '-b:a', '128k')
    const bytes = readFileSync(path)
    let state = 7
    for (let n = Math.floor(bytes.length * 0.45); n < bytes.length * 0.55; n += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      bytes[n] = state >>> 24
    }
    const damagedPath = join(folder, `damaged.${extension}`)
    writeFileSync(damagedPath, bytes)
    const [streamStart = 0] = binding
      .probe(sourceOf(path))
      .streams.map(({ startTicks, timeBase }) => ((startTicks ?? 0) * timeBase.num) / timeBase.den)
    const start = Math.round(streamStart * 48_000)
    const [sound, damaged] = [measureSound(binding, path, { start }), measureSound(binding, damagedPath, { start })]
    expect(Math.abs(damaged.count - sound.count)).toBeLessThan(4)
    expect(damaged.gaps.length).toBeGreaterThan(0)
    for (const { start: from, end, reason } of damaged.gaps) {
      expect([from > 2, end < 4.6, reason.length > 0]).toEqual([true, true, true])
    }
    expect(secondsOf(damaged.rms, Number.isNaN)).toBeGreaterThan(0.02)
    expect(worst(damaged.rms.subarray(0, 200), sound.rms.subarray(0, 200), 1e-3)).toBe(0)
    // AC-3 fills bands with noise that depends on what was decoded before.
    expect(worst(damaged.rms.subarray(480, 590), sound.rms.subarray(480, 590), 1e-3)).toBeLessThan(0.02)
  })

  it('at the end of a file that is cut off is named', async () => {
    const path = await made('whole.m4a', noise(48_000, 4), '-c:a', 'aac', '-movflags', 'faststart')
    const bytes = readFileSync(path)
    const cutPath = join(folder, 'cut-off.m4a')
    writeFileSync(cutPath, bytes.subarray(0, bytes.length * 0.6))
    const cut = measureSound(binding, cutPath)
    expect(cut.count).toBeLessThan(260)
    expect(cut.gaps).toEqual([
      { start: expect.closeTo(cut.count / 100, 1), end: expect.closeTo(4, 1), reason: expect.stringMatching(/\w/) },
    ])
  })

  it('is all of a stream that cannot be decoded', async () => {
    const path = await made('good.m4a', noise(48_000, 2), '-c:a', 'aac')
    const bytes = readFileSync(path)
    bytes.fill(0xff, bytes.indexOf('mdat') + 4, bytes.indexOf('moov') - 4)
    writeFileSync(path, bytes)
    const nothing = measureSound(binding, path)
    expect([nothing.count, nothing.gaps.map(({ start, end }) => [start, Math.round(end)])]).toEqual([0, [[0, 2]]])
  })

  it('a stream without a decoder, or without sound, is refused or empty', () => {
    expect(() => measureSound(binding, clips.audioOnly.path, { streamIndex: 5 })).toThrow('there is no stream 5')
    expect(measureSound(binding, clips.noBFrames.path).count).toBe(0)
  })
})

describe('sound that changes in mid-stream', () => {
  it('from one rate and layout to another goes on in the first rate', async () => {
    const parts = [48_000, 44_100].map((rate, n) => ({
      rate,
      args: ['-ac', `${2 - n}`],
      path: join(folder, `rate-${rate}.ts`),
      offset: `${n}`,
    }))
    for (const { rate, args, path, offset } of parts) {
      const tone = `aevalsrc=0.25*sin(2*PI*1500*t):sample_rate=${rate}:duration=1`
      await ffmpeg(...lavfi(tone), '-c:a', 'mp2', ...args, '-output_ts_offset', offset, path)
    }
    const path = join(folder, 'rates.ts')
    writeFileSync(path, Buffer.concat(parts.map((part) => readFileSync(part.path))))
    const [start = NaN] = binding.probe(sourceOf(path)).streams.map(({ startTicks }) => startTicks ?? NaN)
    const { count, rms, centroid, gaps } = measureSound(binding, path, { start, timeBase: { num: 1, den: 90_000 } })
    expect(count).toBeGreaterThan(195)
    expect(gaps).toEqual([])
    // ffmpeg brings one channel to two at half the power.
    for (const [from, to, expected] of [
      [10, 90, 0.125],
      [115, 190, 0.25 / Math.SQRT2],
    ] as const) {
      expect(centroid.subarray(from, to).every((hertz) => Math.abs(hertz - 1500) < 40)).toBe(true)
      expect(rms.subarray(from, to).every((level) => Math.abs(level - expected) < 0.002)).toBe(true)
    }
  })
})

describe('a task that measures sound', () => {
  const source = { ...sourceOf(clips.audioOnly.path), identity: 'audio', name: 'audio-only.m4a' }

  it('gives windows and gaps, and tells how far it is', () => {
    const lane = new Lane()
    const worker = new WorkerLane(lane.buffer)
    binding.useLane(worker.words)
    const value = runAnalyzeSound({ kind: 'analyze-sound', source, sound: partOf() }, worker, binding)
    expect([value.kind, value.windows.length % 6, value.gaps]).toEqual(['analyze-sound', 0, []])
    expect(Buffer.from(value.windows.buffer).equals(Buffer.from(measureSound(binding, clips.audioOnly.path).rows.buffer))).toBe(true)
    expect(lane.progressPermille).toBeGreaterThan(500)
    expect(lane.counters().packetsRead).toBeGreaterThan(90)
  })

  it('ends between two packets when it is cancelled', () => {
    const words = new Int32Array(new SharedArrayBuffer(4 * nativeLaneWordCount))
    binding.useLane(words)
    const analyzer = new binding.SoundAnalyzer({ ...sourceOf(clips.audioOnly.path), ...partOf() })
    expect(analyzer.step(4)).toBe(true)
    Atomics.store(words, NativeLaneWord.cancel, 1)
    expect(() => analyzer.step(1)).toThrow(expect.objectContaining({ code: 'CANCELLED' }))
    expect(Atomics.load(words, NativeLaneWord.packetsRead)).toBeLessThanOrEqual(5)
    analyzer.close()
  })
})

describe('misuse of a sound analyzer', () => {
  const options = { ...sourceOf(clips.audioOnly.path), ...partOf() }

  it('names the option that is missing, of a wrong type or no part of a stream', () => {
    for (const key of Object.keys(options)) {
      for (const value of [undefined, Symbol.iterator]) {
        expect(() => Reflect.construct(binding.SoundAnalyzer, [{ ...options, [key]: value }])).toThrow(
          expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(key) }),
        )
      }
    }
    for (const [key, value] of [
      ['start', NaN],
      ['start', 0.5],
      ['end', 2 ** 54],
      ['timeBase', { num: 0, den: 1 }],
      ['timeBase', { num: 1, den: 0 }],
    ] as const) {
      expect(() => new binding.SoundAnalyzer({ ...options, [key]: value })).toThrow(key)
    }
    expect(() => Reflect.construct(binding.SoundAnalyzer, [])).toThrow(TypeError)
    expect(() => Reflect.apply(binding.SoundAnalyzer, undefined, [options])).toThrow()
  })

  it('is not lent to other objects, takes a number for a step, and is closed once', () => {
    const analyzer = new binding.SoundAnalyzer(options)
    const method = (name: string): unknown => Reflect.get(binding.SoundAnalyzer.prototype, name)
    for (const name of ['step', 'seconds', 'duration', 'takeWindows', 'gaps', 'lastError', 'close']) {
      const borrowed = method(name)
      for (const receiver of [{}, undefined, Object.create(binding.SoundAnalyzer.prototype)]) {
        expect(() => typeof borrowed === 'function' && Reflect.apply(borrowed, receiver, [1])).toThrow()
      }
    }
    const step = method('step')
    for (const value of [undefined, '1', null, {}]) {
      expect(() => typeof step === 'function' && Reflect.apply(step, analyzer, [value])).toThrow(TypeError)
    }
    analyzer.close()
    analyzer.close()
    const uses = [
      () => analyzer.step(1),
      () => analyzer.seconds(),
      () => analyzer.duration(),
      () => analyzer.takeWindows(),
      () => analyzer.gaps(),
    ]
    for (const use of [...uses, () => analyzer.lastError()]) expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})
