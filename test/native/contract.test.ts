// The border as it really is: what the addon exports, and what it does with values that TypeScript would never let pass.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { factCount, loadBinding, Outcome, type NativeSampler } from '../../dist/native/binding.js'
import { NativeLaneWord, nativeLaneWordCount } from '../../dist/native/lane-words.js'
import { clips } from '../fixtures/index.js'
import { smallClip } from './clips.js'
import { asDecoded, everything, filling, openSampler, sourceOf } from './samplers.js'

const binding = loadBinding()
const openOptions = { ...sourceOf(clips.bFrames.path), streamIndex: 0, codecThreads: 1, maxPixels: 1e9 }

let sampler: NativeSampler
beforeEach(() => {
  sampler = openSampler(binding, clips.bFrames.path)
})
afterEach(() => {
  sampler.close()
})

/** Calls a function of the border with any values at all. */
function call(target: unknown, name: string, ...values: unknown[]): unknown {
  const method: unknown = Reflect.get(Object(target), name)
  if (typeof method !== 'function') throw new RangeError(`there is no ${name}`)
  return Reflect.apply(method, target, values)
}

describe('the addon', () => {
  it('exports what NativeBinding declares, and nothing else', () => {
    const functions = ['versions', 'laneWords', 'useLane', 'pixelFormatName', 'pictureBytes', 'encoderFacts', 'probe', 'scanPackets']
    const classes = ['Sampler', 'Analyzer', 'Transcoder', 'SoundTranscoder', 'SoundAnalyzer', 'Remuxer', 'ClipMaker']
    const declared = [...functions, 'randomAccess', 'compareFrames', 'analysisRow', 'measureChange', 'transcodeSubtitles', ...classes]
    expect(Object.keys(binding).sort()).toEqual([...declared].sort())
    const methods = (prototype: object): string[] =>
      Object.getOwnPropertyNames(prototype)
        .filter((name) => name !== 'constructor')
        .sort()
    expect(methods(binding.Sampler.prototype)).toEqual(['begin', 'close', 'configure', 'lastError', 'next'])
    expect(methods(binding.Analyzer.prototype)).toEqual(['begin', 'close', 'ends', 'lastError', 'progress', 'startOver', 'step'])
    expect(methods(binding.Transcoder.prototype)).toEqual(['begin', 'close', 'finish', 'lastError', 'progress', 'step'])
    expect(methods(binding.SoundTranscoder.prototype)).toEqual(['close', 'seconds', 'step'])
    const ofAnalyzer = ['close', 'duration', 'gaps', 'lastError', 'seconds', 'step', 'takeWindows']
    expect(methods(binding.SoundAnalyzer.prototype)).toEqual(ofAnalyzer)
    expect(methods(binding.Remuxer.prototype)).toEqual(['addRun', 'addTrack', 'close', 'finish', 'seconds', 'step'])
    expect(methods(binding.ClipMaker.prototype)).toEqual(['close', 'finish', 'step'])
  })

  it('puts the words of a lane where TypeScript reads them', () => {
    expect(binding.laneWords()).toEqual(NativeLaneWord)
    expect(Object.values(NativeLaneWord).sort((a, b) => a - b)).toEqual(Array.from({ length: nativeLaneWordCount }, (_, word) => word))
  })

  it('answers with the outcomes that TypeScript knows', () => {
    expect(Outcome).toEqual({ done: 0, frame: 1, trouble: 2, missing: 3, tooSmall: 4 })
  })

  it('says which FFmpeg is linked', () => {
    const versions = binding.versions()
    expect(versions.ffmpeg).toMatch(/\d/)
    expect(versions.license).toMatch(/GPL/)
    expect(versions.libavcodec >> 16).toBeGreaterThanOrEqual(59)
  })

  it('gives facts with every key that NativeStreamFacts declares', () => {
    const { streams, ...facts } = binding.probe(sourceOf(clips.manyStreams.path))
    const declared = ['container', 'containerLongName', 'startMicros', 'durationMicros', 'bitRate', 'tags', 'chapters']
    expect(Object.keys(facts).sort()).toEqual(declared.sort())
    const ofStream = `index type codec codecLongName codecTag profile hasDecoder timeBase startTicks durationTicks bitRate frameCount isDefault
      isAttachedPicture tags width height sampleAspectRatio displayMatrix averageFrameRate nominalFrameRate pixelFormat bitDepth reorderFrames fieldOrder
      colorPrimaries colorTransfer colorMatrix colorRange hasDolbyVision maxContentNits masteringNits channels channelLayout sampleRate sampleFormat`
    for (const stream of streams) expect(Object.keys(stream).sort()).toEqual(ofStream.split(/\s+/).sort())
  })

  it('gives packets in columns of one length', () => {
    const { damagedEnd, ...columns } = binding.scanPackets({ ...sourceOf(clips.mkv.path), streamIndex: 0 })
    expect(damagedEnd).toBe(false)
    expect(Object.keys(columns).sort()).toEqual(['dts', 'duration', 'flags', 'pts', 'size'])
    expect(Object.values(columns).map(({ length }) => length)).toEqual([300, 300, 300, 300, 300])
  })

  it('names pixel formats and their bytes as FFmpeg does', () => {
    expect(binding.pictureBytes({ pixelFormat: 'rgb24', width: 321, height: 241 })).toBe(321 * 241 * 3)
    expect(binding.pictureBytes({ pixelFormat: 'yuv420p', width: 321, height: 241 })).toBe(321 * 241 + 2 * 161 * 121)
    expect([binding.pixelFormatName(2), binding.pixelFormatName(-1), binding.pixelFormatName(1e9)]).toEqual(['rgb24', '', ''])
  })
})

describe('misuse of a function', () => {
  it.each([
    ['probe', []],
    ['probe', [null]],
    ['probe', [5]],
    ['probe', [{}]],
    ['probe', [{ url: 5, protocols: 'file', allowPlaylists: false }]],
    ['probe', [{ url: 'file:x', protocols: 'file', allowPlaylists: 'no' }]],
    ['scanPackets', [sourceOf(clips.mkv.path)]],
    ['scanPackets', [{ ...sourceOf(clips.mkv.path), streamIndex: NaN }]],
    ['scanPackets', [{ ...sourceOf(clips.mkv.path), streamIndex: 2 ** 40 }]],
    ['useLane', []],
    ['useLane', [new Int32Array(nativeLaneWordCount - 1)]],
    ['useLane', [new Int16Array(100)]],
    ['useLane', [new SharedArrayBuffer(400)]],
    ['pixelFormatName', ['rgb24']],
    ['pictureBytes', [{ pixelFormat: 'rgb24', width: 1 }]],
    ['pictureBytes', [{ pixelFormat: 'rgb24', width: '1', height: 1 }]],
  ])('%s %j throws a TypeError', (name, values) => {
    expect(() => call(binding, name, ...values)).toThrow(TypeError)
  })

  it.each([
    { pixelFormat: 'no-such-format', width: 1, height: 1 },
    { pixelFormat: 'rgb24', width: 0, height: 1 },
    { pixelFormat: 'rgb24', width: -5, height: 5 },
    { pixelFormat: 'rgb24', width: 2 ** 31 - 1, height: 2 ** 31 - 1 },
  ])('pictureBytes(%j) throws', (picture) => {
    expect(() => binding.pictureBytes(picture)).toThrow()
  })

  it.each([-1, 99])('scanPackets of stream %i, which is not there, throws ERR_NO_VIDEO', (streamIndex) => {
    expect(() => binding.scanPackets({ ...sourceOf(clips.mkv.path), streamIndex })).toThrow(
      expect.objectContaining({ code: 'ERR_NO_VIDEO' }),
    )
  })

  it('a failure carries its code, the call and the number of FFmpeg', () => {
    const failure = expect.objectContaining({ code: 'ERR_NOT_FOUND', call: 'avformat_open_input', avError: -2 })
    expect(() => binding.probe(sourceOf('/no/such/file.mp4'))).toThrow(failure)
  })
})

describe('misuse of a sampler', () => {
  it.each([
    ['no options', undefined],
    ['no stream', { ...openOptions, streamIndex: undefined }],
    ['a wrong stream', { ...openOptions, streamIndex: '0' }],
    ['no limit of pixels', { ...openOptions, maxPixels: undefined }],
  ])('opened with %s throws a TypeError', (_, options) => {
    expect(() => Reflect.construct(binding.Sampler, [options])).toThrow(TypeError)
  })

  it.each([0, -1, 65, 1e6])('opened with %i threads throws a RangeError', (codecThreads) => {
    expect(() => new binding.Sampler({ ...openOptions, codecThreads })).toThrow(RangeError)
  })

  it('called without new throws', () => {
    expect(() => Reflect.apply(binding.Sampler, undefined, [openOptions])).toThrow()
  })

  it.each(['configure', 'begin', 'next', 'lastError', 'close'])('%s borrowed by another object throws', (name) => {
    const method: unknown = Reflect.get(binding.Sampler.prototype, name)
    for (const receiver of [{}, undefined, null, 5, [], Object.create(binding.Sampler.prototype)]) {
      expect(() => typeof method === 'function' && Reflect.apply(method, receiver, [null, new Float64Array(factCount)])).toThrow()
    }
  })

  it.each([
    ['lies right of its canvas', { imageX: 1 }],
    ['lies below its canvas', { imageY: 1 }],
    ['lies left of its canvas', { imageX: -2 }],
    ['is larger than its canvas', { imageWidth: 33 }],
    ['has no width', { imageWidth: 0 }],
    ['overflows its place', { imageX: 2 ** 31 - 1, imageWidth: 2 ** 31 - 1 }],
    ['has no canvas', { width: 0 }],
    ['is cropped from beyond its left side', { cropX: -0.1 }],
    ['is cropped from beyond its right side', { cropX: 0.5, cropWidth: 0.6 }],
    ['is cropped to nothing', { cropHeight: 0 }],
    ['is cropped at no number', { cropY: NaN }],
    ['is a tensor of planes', { tensor: true, pixelFormat: 'yuv420p' }],
  ])('configured with a picture that %s throws a RangeError', (_, more) => {
    expect(() => sampler.configure(filling('rgb24', 32, 32, more))).toThrow(RangeError)
  })

  it('configured as a tensor of no size throws', () => {
    expect(() => sampler.configure({ ...asDecoded, tensor: true })).toThrow()
  })

  it.each([
    ['pixelFormat', 5],
    ['width', '32'],
    ['width', NaN],
    ['width', 2 ** 31],
    ['cropX', null],
    ['toneMap', 1],
    ['mean', [0, 0, 0]],
    ['mean', [0, 0, 0, 'x']],
    ['deviation', undefined],
    ['deviation', new Float32Array(4)],
  ])('configured with %s %s throws a TypeError', (key, value) => {
    expect(() => call(sampler, 'configure', { ...filling('rgb24', 32, 32), [key]: value })).toThrow(TypeError)
  })

  it('configured for a pixel format that does not exist throws', () => {
    expect(() => sampler.configure(filling('no-such-format', 32, 32))).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }))
  })

  it('configured with a filter that does not exist throws', () => {
    expect(() => sampler.configure(filling('rgb24', 32, 32, { scaleFilter: 'best' }))).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED' }),
    )
  })

  it.each([
    ['descend', Float64Array.of(2, 1)],
    ['repeat', Float64Array.of(1, 1)],
    ['have fractions', Float64Array.of(0.5)],
    ['are beyond 2^53', Float64Array.of(2 ** 54)],
    ['are infinite', Float64Array.of(Infinity)],
    ['are a plain list', [1, 2]],
    ['are of another type', new Float32Array(2)],
  ])('begun with targets that %s throws a TypeError', (_, targets) => {
    expect(() => call(sampler, 'begin', { ...everything, plain: false, targets })).toThrow(TypeError)
  })

  it.each([
    'startPts',
    'startDts',
    'nearDts',
    'until',
    'plain',
    'byOrdinal',
    'showPrevious',
    'fromStreamStart',
    'skipUnreferenced',
    'targets',
  ])('begun without %s throws a TypeError', (key) => {
    expect(() => call(sampler, 'begin', { ...everything, [key]: undefined })).toThrow(TypeError)
  })

  it('asked for a frame with a short array of facts, or of another type, throws a TypeError', () => {
    sampler.configure(asDecoded)
    sampler.begin(everything)
    for (const facts of [new Float64Array(factCount - 1), new Float32Array(100), new Array<number>(100).fill(0), undefined]) {
      expect(() => call(sampler, 'next', null, facts)).toThrow(TypeError)
    }
    const gone = new Float64Array(factCount)
    structuredClone(gone.buffer, { transfer: [gone.buffer] })
    expect(() => call(sampler, 'next', null, gone)).toThrow(TypeError)
  })

  it('asked to fill what is no Uint8Array throws a TypeError', () => {
    sampler.configure(asDecoded)
    sampler.begin(everything)
    for (const pixels of [undefined, new Uint16Array(1e6), new ArrayBuffer(1e6), new SharedArrayBuffer(1e6), 'pixels']) {
      expect(() => call(sampler, 'next', pixels, new Float64Array(factCount))).toThrow(TypeError)
    }
  })

  it('asked to fill too short a buffer says how many bytes it takes, and gives the same frame into a longer one', () => {
    sampler.configure(asDecoded)
    sampler.begin(everything)
    const facts = new Float64Array(factCount)
    expect(sampler.next(new Uint8Array(100), facts)).toBe(Outcome.tooSmall)
    const bytes = facts[7] ?? 0
    expect(bytes).toBe((320 * 180 * 3) / 2)
    expect([sampler.next(new Uint8Array(bytes), facts), facts[0], facts[1]]).toEqual([Outcome.frame, 0, 0])
  })

  it('asked for pixels before it was configured throws, and for facts alone does not', () => {
    sampler.begin(everything)
    expect(sampler.next(null, new Float64Array(factCount))).toBe(Outcome.frame)
    expect(() => sampler.next(new Uint8Array(1e6), new Float64Array(factCount))).toThrow()
  })

  it('asked for frames before it was begun, or after its end, does not crash', () => {
    sampler.configure(asDecoded)
    const facts = new Float64Array(factCount)
    expect(() => sampler.next(null, facts)).not.toThrow(TypeError)
    sampler.begin(everything)
    let frames = 0
    while (sampler.next(null, facts) === Outcome.frame) frames++
    expect(frames).toBe(300)
    expect([sampler.next(null, facts), sampler.next(null, facts)]).toEqual([Outcome.done, Outcome.done])
  })

  it('whose options close it while they are read throws ERR_CLOSED', () => {
    const trap = {
      ...filling('rgb24', 32, 32),
      get scaleFilter() {
        sampler.close()
        return 'bicubic'
      },
    }
    expect(() => sampler.configure(trap)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('misuse of a clip maker', () => {
  const clip = smallClip('/no/such/folder/clip.mp4')

  it.each(Object.keys(clip))('opened without %s, or with an object for it, throws a TypeError', (key) => {
    for (const value of [undefined, {}]) expect(() => Reflect.construct(binding.ClipMaker, [{ ...clip, [key]: value }])).toThrow(TypeError)
  })

  it.each([
    ['width', 0],
    ['width', 14],
    ['width', 321],
    ['width', 8194],
    ['height', -2],
    ['height', 181],
    ['height', 2 ** 30],
    ['frameRateNumerator', 0],
    ['frameRateDenominator', 0],
    ['seed', -1],
    ['sceneFrames', 0],
    ['pieceFrames', 0],
    ['loops', 0],
    ['loops', 1_000_001],
    ['keyInterval', -1],
    ['bFrames', -1],
    ['bFrames', 17],
    ['threads', 0],
    ['threads', 65],
  ])('opened with %s %i throws a RangeError', (key, value) => {
    expect(() => Reflect.construct(binding.ClipMaker, [{ ...clip, [key]: value }])).toThrow(RangeError)
  })

  it('called without new, or with no options, throws', () => {
    expect(() => Reflect.apply(binding.ClipMaker, undefined, [clip])).toThrow()
    expect(() => Reflect.construct(binding.ClipMaker, [])).toThrow(TypeError)
  })

  it.each(['step', 'finish', 'close'])('%s borrowed by another object throws', (name) => {
    const method: unknown = Reflect.get(binding.ClipMaker.prototype, name)
    for (const receiver of [{}, undefined, null, 5, sampler, Object.create(binding.ClipMaker.prototype)]) {
      expect(() => typeof method === 'function' && Reflect.apply(method, receiver, [1])).toThrow()
    }
  })

  it('asked for a step of no number of frames throws', () => {
    const folder = mkdtempSync(join(tmpdir(), 'framemill-contract-'))
    const maker = new binding.ClipMaker(smallClip(join(folder, 'clip.mp4')))
    for (const frames of [undefined, '5', null, {}]) expect(() => call(maker, 'step', frames)).toThrow(TypeError)
    for (const frames of [0, -1, NaN, 0.5]) expect(() => call(maker, 'step', frames)).toThrow(RangeError)
    maker.close()
    rmSync(folder, { recursive: true })
  })
})

describe('a closed sampler', () => {
  it('throws ERR_CLOSED from every method but close', () => {
    sampler.close()
    sampler.close()
    const closed = expect.objectContaining({ code: 'ERR_CLOSED' })
    expect(() => sampler.configure(filling('rgb24', 32, 32))).toThrow(closed)
    expect(() => sampler.begin(everything)).toThrow(closed)
    expect(() => sampler.next(null, new Float64Array(factCount))).toThrow(closed)
    expect(() => sampler.next(new Uint8Array(1e6), new Float64Array(factCount))).toThrow(closed)
    expect(() => sampler.lastError()).toThrow(closed)
  })
})
