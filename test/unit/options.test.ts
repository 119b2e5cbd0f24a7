// What misuse of options is answered with: the class of the error and a sentence that names the option, the wish and the value.
import { describe, expect, it } from 'vitest'
import { resolveEngineOptions, type EngineOptions } from '../../src/options/engine.ts'
import { resolveBatchOptions, resolveSampleOptions, type BatchOptions, type SampleOptions } from '../../src/options/sample.ts'

/** What a caller without type checking may pass: the words of JSON. */
function untyped<Options>(value: unknown): Options {
  return Object.assign(Object.create(null), { value }).value
}

const sample = (value: unknown): unknown => resolveSampleOptions(untyped<SampleOptions>(value))
const batch = (value: unknown): unknown => resolveBatchOptions(untyped<BatchOptions>(value))
const engine = (value: unknown): unknown => resolveEngineOptions(untyped<EngineOptions>(value))

function faultOf(act: () => unknown): { name: string; message: string } {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message }
  }
  return { name: 'none', message: 'accepted' }
}

describe('an unknown option', () => {
  it.each([
    ['fsp', 'fps'],
    ['Width', 'width'],
    ['pixelformat', 'pixelFormat'],
    ['timestamp', 'timestamps'],
  ])('"%s" is named together with the near "%s"', (given, meant) => {
    const fault = faultOf(() => sample({ all: true, [given]: 1 }))
    expect(fault).toEqual({ name: 'TypeError', message: `Unknown option "${given}" (did you mean "${meant}"?)` })
  })

  it('far from every known one is named alone', () => {
    expect(faultOf(() => sample({ all: true, bananas: 1 }))).toEqual({ name: 'TypeError', message: 'Unknown option "bananas"' })
  })

  it('of the engine is named too', () => {
    expect(faultOf(() => engine({ worker: 2 }))).toEqual({
      name: 'TypeError',
      message: 'Unknown option "worker" (did you mean "workers"?)',
    })
  })

  it('is order in a batch, whose rows have the order of the request', () => {
    expect(faultOf(() => batch({ count: 1, order: 'timestamp' }))).toMatchObject({ name: 'TypeError', message: 'Unknown option "order"' })
  })

  it('inside accuracy is named by its owner', () => {
    const fault = faultOf(() => sample({ count: 5, accuracy: { toleranceSeconds: 1, x: 1 } }))
    expect(fault).toEqual({ name: 'TypeError', message: 'Unknown key of accuracy "x"' })
  })
})

describe('a value of the wrong type', () => {
  it.each([
    [{ count: '5' }, 'Expected a number for count but received "5" of type string'],
    [{ all: true, autorotate: 'yes' }, 'Expected a boolean for autorotate but received "yes" of type string'],
    [{ all: true, autorotate: 1 }, 'Expected a boolean for autorotate but received 1 of type number'],
    [{ timestamps: 5 }, 'Expected an array for timestamps but received 5 of type number'],
    [{ timestamps: [1, 'a'] }, 'Expected a number for timestamps.1 but received "a" of type string'],
    [{ all: true, width: null }, 'Expected a number for width but received null of type null'],
    [{ all: true, onProgress: 5 }, 'Expected a function for onProgress but received 5 of type number'],
    [{ all: true, signal: {} }, 'Expected an AbortSignal for signal but received an object of type object'],
    [{ all: true, fit: 5 }, 'Expected one of contain, cover, fill, inside for fit but received 5 of type number'],
    [{ fps: true }, 'Expected a number, or a string for fps but received true of type boolean'],
  ])('in %j is a TypeError that says what is wanted', (options, message) => {
    expect(faultOf(() => sample(options))).toEqual({ name: 'TypeError', message })
  })

  it.each([null, undefined, 5, 'all'])('in place of all options, such as %s, is a TypeError', (options) => {
    expect(faultOf(() => sample(options)).message).toMatch(/^Expected an object for options but received/)
    expect(faultOf(() => sample(options)).name).toBe('TypeError')
  })

  it('in place of all options, such as an array, is a TypeError', () => {
    expect(faultOf(() => sample([]))).toEqual({
      name: 'TypeError',
      message: 'Expected an object for options but received an array of 0 of type object',
    })
  })

  it('of the engine is named', () => {
    expect(faultOf(() => engine({ memoryLimit: '1GB' })).message).toBe(
      'Expected a number for memoryLimit but received "1GB" of type string',
    )
    expect(faultOf(() => engine({ cache: 5 }))).toMatchObject({
      name: 'TypeError',
      message: expect.stringMatching(/^Expected a boolean, or a string for cache/),
    })
  })

  it('in a logger, whose methods would fail at their first call, is refused', () => {
    expect(faultOf(() => engine({ logger: { warn: () => undefined, debug: 5 } })).name).toBe('TypeError')
  })
})

describe('a value out of range', () => {
  it.each([
    [{ count: 0 }, 'Expected a number of at least 1 for count but received 0 of type number'],
    [{ count: 1.5 }, 'Expected a whole number for count but received 1.5 of type number'],
    [{ count: NaN }, 'Expected a finite number for count but received NaN of type number'],
    [{ fps: 0 }, 'Expected a number above 0 for fps but received 0 of type number'],
    [{ every: -2 }, 'Expected a number above 0 for every but received -2 of type number'],
    [{ frameIndexes: [1, -1] }, 'Expected a number of at least 0 for frameIndexes.1 but received -1 of type number'],
    [{ all: true, width: 70_000 }, 'Expected a number of at most 65535 for width but received 70000 of type number'],
    [{ all: true, stream: -1 }, 'Expected a number of at least 0 for stream but received -1 of type number'],
    [{ timestamps: [1, NaN] }, 'Expected a finite number for timestamps.1 but received NaN of type number'],
    [
      { count: 5, accuracy: { toleranceSeconds: -1 } },
      'Expected a number of at least 0 for accuracy.toleranceSeconds but received -1 of type number',
    ],
  ])('in %o is a RangeError that says what is wanted', (options, message) => {
    expect(faultOf(() => sample(options))).toEqual({ name: 'RangeError', message })
  })

  it.each(['abc', '1/0', '0', '-1', '1/2/3', ''])('as the frame rate "%s" is a RangeError that shows the form of a fraction', (fps) => {
    const message = `Expected a number above 0 or a fraction such as '30000/1001' for fps but received "${fps}" of type string`
    expect(faultOf(() => sample({ fps }))).toEqual({ name: 'RangeError', message })
  })

  it('near one of the names that are known suggests it', () => {
    const fault = faultOf(() => sample({ all: true, fit: 'covr' }))
    expect(fault.name).toBe('RangeError')
    expect(fault.message).toBe(
      'Expected one of contain, cover, fill, inside for fit but received "covr" of type string (did you mean "cover"?)',
    )
  })

  it('of the engine is named', () => {
    expect(faultOf(() => engine({ workers: 0 })).message).toBe('Expected a number of at least 1 for workers but received 0 of type number')
    expect(faultOf(() => engine({ codecThreads: 65 })).message).toBe(
      'Expected a number of at most 64 for codecThreads but received 65 of type number',
    )
    expect(faultOf(() => engine({ workers: 'many' })).name).toBe('RangeError')
    expect(faultOf(() => engine({ workers: 'many' })).message).toContain('a number, or one of auto, adaptive for workers')
    expect(faultOf(() => engine({ codecThreads: 'adaptive' })).message).toContain('a number, or one of auto for codecThreads')
    expect(engine({ workers: 'adaptive' })).toMatchObject({ workers: 'adaptive', codecThreads: 'auto' })
    expect(faultOf(() => engine({ timeoutMs: -1 })).name).toBe('RangeError')
  })

  it('as an empty cache folder is a RangeError that does not speak of numbers', () => {
    const fault = faultOf(() => engine({ cache: '' }))
    expect(fault.name).toBe('RangeError')
    expect(fault.message).not.toMatch(/a number/)
  })

  it('as a misspelt key of accuracy is not taken for a wrong value of accuracy', () => {
    expect(faultOf(() => sample({ count: 5, accuracy: { toleranceSecond: 1 } })).message).toMatch(/toleranceSecond/)
  })
})

describe('options that contradict each other', () => {
  it.each([[{}], [{ all: false }], [{ keyframes: false }]])('by naming no grid, as %j does, are refused', (options) => {
    expect(faultOf(() => sample(options))).toEqual({
      name: 'RangeError',
      message: 'Expected exactly one of fps, every, everyFrames, count, timestamps, frameIndexes, keyframes, all but received none',
    })
  })

  it('by naming two grids are refused with both names', () => {
    expect(faultOf(() => sample({ fps: 1, count: 3 })).message).toMatch(/but received fps and count$/)
  })

  it('are an end that is not after the start', () => {
    expect(faultOf(() => sample({ fps: 1, start: 2, end: 2 }))).toEqual({
      name: 'RangeError',
      message: 'Expected an end after start 2 but received 2',
    })
    expect(faultOf(() => sample({ fps: 1, end: -1 })).name).toBe('RangeError')
  })

  it.each([{ timestamps: [1] }, { frameIndexes: [1] }])('are a range together with %j', (grid) => {
    expect(faultOf(() => sample({ ...grid, start: 0 })).message).toMatch(/^Expected no start or end together with/)
    expect(faultOf(() => sample({ ...grid, end: 1 })).name).toBe('RangeError')
  })

  it.each([{ all: true }, { keyframes: true }, { everyFrames: 2 }, { frameIndexes: [1] }])('are a tolerance together with %j', (grid) => {
    expect(faultOf(() => sample({ ...grid, accuracy: 'keyframe' }))).toMatchObject({
      name: 'RangeError',
      message: expect.stringMatching(/^Expected accuracy 'exact'/),
    })
    expect(faultOf(() => sample({ ...grid, accuracy: { toleranceSeconds: 1 } })).name).toBe('RangeError')
    expect(faultOf(() => sample({ ...grid, accuracy: 'exact' })).name).toBe('none')
  })

  it('are mean or std together with uint8', () => {
    expect(faultOf(() => batch({ count: 1, mean: [0, 0, 0] }))).toEqual({
      name: 'RangeError',
      message: "Expected dtype 'float32' for mean: uint8 pixels are not normalised",
    })
    expect(faultOf(() => batch({ count: 1, dtype: 'uint8', std: [1, 1, 1] })).message).toMatch(/'float32' for std/)
  })

  it('are means of another number than there are channels', () => {
    const message = 'Expected 3 numbers, one per channel, for mean but received an array of 1 of type object'
    expect(faultOf(() => batch({ count: 1, dtype: 'float32', mean: [1] }))).toEqual({ name: 'RangeError', message })
    expect(faultOf(() => batch({ count: 1, dtype: 'float32', pixelFormat: 'gray8', mean: [1] })).name).toBe('none')
    expect(faultOf(() => batch({ count: 1, dtype: 'float32', pixelFormat: 'rgba', std: [1, 1, 1] })).name).toBe('RangeError')
  })

  it('are a deviation of 0, which would divide by it', () => {
    expect(faultOf(() => batch({ count: 1, dtype: 'float32', std: [1, 0, 1] })).message).toMatch(/^Expected numbers other than 0 for std/)
  })

  it('are planar pixels in a batch', () => {
    expect(faultOf(() => batch({ count: 1, pixelFormat: 'yuv420p' })).name).toBe('RangeError')
  })
})

describe('options that are left out', () => {
  it('get the documented defaults, every key set', () => {
    const resolved = resolveSampleOptions({ fps: '30000/1001' })
    expect(resolved).toMatchObject({
      grid: { kind: 'fps', num: 30000, den: 1001 },
      start: 0,
      end: Infinity,
      stream: null,
      accuracy: 'exact',
      order: 'timestamp',
      picture: {
        width: 0,
        height: 0,
        fit: 'cover',
        pixelFormat: 'rgb24',
        scaleFilter: 'bicubic',
        autorotate: true,
        squarePixels: true,
        toneMap: true,
      },
    })
    expect(resolveSampleOptions({ all: true, pixelFormat: 'source' }).picture.squarePixels).toBe(false)
    expect(resolveBatchOptions({ count: 2 }).tensor).toEqual({
      channelsFirst: false,
      float32: false,
      mean: [0, 0, 0, 0],
      deviation: [1, 1, 1, 1],
    })
  })

  it('may also be given as undefined', () => {
    expect(resolveSampleOptions({ all: true, fps: undefined, width: undefined })).toMatchObject({
      grid: { kind: 'all' },
      picture: { width: 0 },
    })
    expect(resolveEngineOptions({ workers: undefined })).toMatchObject({
      workers: 'auto',
      codecThreads: 'auto',
      cache: true,
      maxPixels: 268_402_689,
      timeoutMs: 30_000,
    })
  })

  it('of a grid by seconds are a rate', () => {
    expect(resolveSampleOptions({ every: 2.5 }).grid).toEqual({ kind: 'fps', num: 1, den: 2.5 })
    expect(resolveSampleOptions({ fps: ' 23.976 ' }).grid).toEqual({ kind: 'fps', num: 23.976, den: 1 })
  })
})
