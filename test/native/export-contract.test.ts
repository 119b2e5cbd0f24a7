// The doors of exporting with values that TypeScript would never let pass, and in an order that nobody should use.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadBinding } from '../../dist/native/binding.js'
import { clips } from '../fixtures/index.js'
import { encodeFrames, openTranscoder, pictureOutput, remuxOf, runOf, segmentFor, soundOf, trackOf } from './exporters.js'
import { sourceOf } from './samplers.js'

const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-doors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const video = clips.noBFrames.path
const spool = join(folder, 'spool')
const decoding = { ...sourceOf(video), streamIndex: 0, codecThreads: 1, maxPixels: 1e9 }
const transcode = { ...decoding, origin: 0, hardware: '', outputs: [pictureOutput(spool)] }
const sound = { ...sourceOf(clips.audioOnly.path), ...soundOf(spool) }
const remux = { ...sourceOf(video), ...remuxOf(join(folder, 'clip.mp4')) }
const segment = segmentFor([0])
const compare = { one: decoding, other: decoding, oneSegment: segment, otherSegment: segment }
const closed = expect.objectContaining({ code: 'ERR_CLOSED' })

/** Calls a function of the border with any values at all. */
function call(target: unknown, name: string, ...values: unknown[]): unknown {
  const method: unknown = Reflect.get(Object(target), name)
  if (typeof method !== 'function') throw new RangeError(`there is no ${name}`)
  return Reflect.apply(method, target, values)
}

describe.each([
  ['Transcoder', binding.Transcoder, transcode],
  ['SoundTranscoder', binding.SoundTranscoder, sound],
  ['Remuxer', binding.Remuxer, remux],
])('%s', (_, door, options) => {
  it('names the option that is missing or of a wrong type', () => {
    for (const key of Object.keys(options)) {
      for (const value of [undefined, Symbol.iterator]) {
        expect(() => Reflect.construct(door, [{ ...options, [key]: value }])).toThrow(
          expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(key) }),
        )
      }
    }
    expect(() => Reflect.construct(door, [])).toThrow(TypeError)
  })

  it('is not lent to other objects, nor called without new', () => {
    expect(() => Reflect.apply(door, undefined, [options])).toThrow()
    for (const name of ['step', 'close']) {
      const method: unknown = Reflect.get(door.prototype, name)
      for (const receiver of [{}, undefined, Object.create(door.prototype)]) {
        expect(() => typeof method === 'function' && Reflect.apply(method, receiver, [1])).toThrow()
      }
    }
  })

  it('takes a number for a step', () => {
    const open: unknown = Reflect.construct(door, [options])
    for (const value of [undefined, '1', null, {}]) expect(() => call(open, 'step', value)).toThrow(TypeError)
    call(open, 'close')
    expect(() => call(open, 'step', 1)).toThrow(closed)
    call(open, 'close')
  })
})

describe('a transcoder', () => {
  it.each(Object.keys(pictureOutput(spool)))('names the %s of an output that is missing', (key) => {
    const outputs = [{ ...pictureOutput(spool), [key]: undefined }]
    expect(() => Reflect.construct(binding.Transcoder, [{ ...transcode, outputs }])).toThrow(
      expect.objectContaining({ message: expect.stringContaining(key) }),
    )
  })

  it('refuses fractions, names and threads that are none', () => {
    for (const [key, value] of [
      ['timeBase', { num: 1, den: 0 }],
      ['frameRate', { num: -1, den: 1 }],
      ['options', ['odd']],
      ['options', ['g', 5]],
      ['threads', 0],
      ['threads', 65],
    ] as const) {
      expect(() => Reflect.construct(binding.Transcoder, [{ ...transcode, outputs: [{ ...pictureOutput(spool), [key]: value }] }])).toThrow(
        key,
      )
    }
    for (const outputs of [null, {}, [null], ['x']])
      expect(() => Reflect.construct(binding.Transcoder, [{ ...transcode, outputs }])).toThrow('outputs')
  })

  it('is closed once it has finished', () => {
    const transcoder = openTranscoder(binding, video, pictureOutput(spool))
    transcoder.begin(segment)
    transcoder.step(5)
    expect(transcoder.progress()).toEqual({ done: 1, missing: 0, device: '' })
    expect(transcoder.finish()).toEqual([{ frames: 1, width: 320, height: 180, pixelFormat: 'yuv420p' }])
    for (const use of [
      () => transcoder.begin(segment),
      () => transcoder.step(1),
      () => transcoder.progress(),
      () => transcoder.finish(),
      () => transcoder.lastError(),
    ])
      expect(use).toThrow(closed)
  })

  it('that was given no frame says so instead of finishing', () => {
    expect(() => openTranscoder(binding, video, pictureOutput(spool)).finish()).toThrow('none of its frames could be decoded')
  })
})

describe('a remuxer', () => {
  it('refuses runs of tracks that there are not', () => {
    const remuxer = new binding.Remuxer(remux)
    expect(() => remuxer.addRun(runOf())).toThrow(RangeError)
    remuxer.addTrack(trackOf())
    for (const track of [-1, 1]) expect(() => remuxer.addRun(runOf({ track }))).toThrow(RangeError)
    for (const key of Object.keys(runOf())) expect(() => call(remuxer, 'addRun', { ...runOf(), [key]: undefined })).toThrow(key)
    expect(() => call(remuxer, 'addRun', { ...runOf(), kind: 'other' })).toThrow('kind')
    for (const key of Object.keys(trackOf())) expect(() => call(remuxer, 'addTrack', { ...trackOf(), [key]: undefined })).toThrow(key)
    remuxer.close()
  })

  it('takes no track once it writes, and goes on with those it has', () => {
    const remuxer = new binding.Remuxer(remux)
    remuxer.addTrack(trackOf())
    remuxer.addRun(runOf({ fromStreamStart: true, count: 30 }))
    expect(remuxer.step(10)).toBe(true)
    expect(() => remuxer.addTrack(trackOf())).toThrow(closed)
    expect(remuxer.step(30)).toBe(false)
    remuxer.finish()
    for (const use of [() => remuxer.step(1), () => remuxer.finish(), () => remuxer.seconds(), () => remuxer.addTrack(trackOf())])
      expect(use).toThrow(closed)
  })

  it('writes a file that can be read when it is finished at once, of no packets', () => {
    const remuxer = new binding.Remuxer(remux)
    remuxer.addTrack(trackOf())
    remuxer.finish()
    expect(binding.probe(sourceOf(remux.path)).container).toContain('mp4')
  })

  it('without tracks is no file, and says so', () => {
    const remuxer = new binding.Remuxer(remux)
    expect(() => remuxer.step(1)).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }))
    expect(() => remuxer.finish()).toThrow()
  })

  it('of a spool that was not finished says that it ends early', () => {
    const transcoder = openTranscoder(binding, video, pictureOutput(spool))
    transcoder.begin(segmentFor([0, 512, 1024]))
    transcoder.step(3)
    transcoder.close()
    const remuxer = new binding.Remuxer(remux)
    expect(() => remuxer.addTrack(trackOf({ spool: join(folder, 'none') }))).toThrow(
      expect.objectContaining({ code: 'ERR_IO', avError: -2 }),
    )
    expect(() => {
      remuxer.addTrack(trackOf({ spool }))
      remuxer.addRun(runOf({ kind: 'spool', path: spool }))
      while (remuxer.step(8));
    }).toThrow('it ends early')
    remuxer.close()
  })
})

describe('the look into packets and pictures', () => {
  it('names what is missing', () => {
    const inspect = { ...sourceOf(video), streamIndex: 0, keys: [] }
    for (const key of Object.keys(inspect)) expect(() => call(binding, 'randomAccess', { ...inspect, [key]: undefined })).toThrow(key)
    expect(() => call(binding, 'randomAccess', { ...inspect, keys: [{ pts: 0 }] })).toThrow('dts')
    for (const key of Object.keys(compare)) expect(() => call(binding, 'compareFrames', { ...compare, [key]: 5 })).toThrow(key)
    expect(() => call(binding, 'compareFrames', { ...compare, otherSegment: segmentFor([0, 512]) })).toThrow(RangeError)
    expect(() => call(binding, 'encoderFacts')).toThrow(TypeError)
  })

  it('knows encoders by name, and those that are none', () => {
    expect(binding.encoderFacts('libx264')).toEqual({ type: 'video', codec: 'h264' })
    expect(binding.encoderFacts('aac')).toEqual({ type: 'audio', codec: 'aac' })
    expect(binding.encoderFacts('h264-of-tomorrow')).toEqual({ type: '', codec: '' })
  })

  it('finds random-access points, and none where there is no such packet', () => {
    const { pts, dts, flags } = binding.scanPackets({ ...sourceOf(clips.hevcOpenGop.path), streamIndex: 0 })
    const keys = [...pts].flatMap((ticks, i) => ((flags[i] ?? 0) & 1 ? [{ pts: ticks, dts: dts[i] ?? NaN }] : []))
    const { kinds, setIds } = binding.randomAccess({
      ...sourceOf(clips.hevcOpenGop.path),
      streamIndex: 0,
      keys: [...keys, { pts: 1, dts: 1 }],
    })
    expect([kinds, setIds]).toEqual([[1, 2, 2, 0], []])
    expect(binding.randomAccess({ ...sourceOf(video), streamIndex: 0, keys: [{ pts: 0, dts: 0 }] })).toEqual({ kinds: [1], setIds: [0] })
  })

  it('measures like for like: equal frames, encoded ones, and those that cannot be compared', () => {
    expect([...binding.compareFrames(compare)]).toEqual([Infinity])
    encodeFrames(binding, video, pictureOutput(spool, { options: ['preset', 'ultrafast', 'crf', '30'] }), [0])
    const encoded = new binding.Remuxer(remux)
    encoded.addTrack(trackOf({ spool }))
    encoded.addRun(runOf({ kind: 'spool', path: spool }))
    while (encoded.step(8));
    encoded.finish()
    const [likeness = NaN] = binding.compareFrames({ ...compare, other: { ...decoding, ...sourceOf(remux.path) } })
    expect(likeness).toBeGreaterThan(25)
    expect(likeness).toBeLessThan(60)
    const other = { ...decoding, ...sourceOf(clips.oddSize444.path) }
    expect([...binding.compareFrames({ ...compare, other, otherSegment: segment })]).toEqual([NaN])
  })
})
