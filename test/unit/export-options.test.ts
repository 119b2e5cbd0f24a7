// What exportClips() and transcode() make of their settings: what wins, what is filled in, and which sentence misuse is answered with.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolveExport, resolveTranscode, type ResolvedClip } from '../../src/options/export.ts'
import type { Clip, ExportOptions, TranscodeOptions } from '../../src/options/export-types.ts'

/** What a caller without type checking may pass. */
function untyped<Options>(value: unknown): Options {
  return Object.assign(Object.create(null), { value }).value
}

const resolve = (clips: unknown, options: unknown = {}) =>
  resolveExport(untyped<readonly Clip[]>(clips), { outDir: 'out', ...untyped<ExportOptions>(options) })
const transcode = (output: unknown, options: unknown = {}) => resolveTranscode(untyped<string>(output), untyped<TranscodeOptions>(options))

function only(clip: object, options: object = {}): ResolvedClip {
  const [resolved] = resolve([{ start: 0, ...clip }], options).clips
  if (resolved === undefined) throw new Error('no clip was resolved')
  return resolved
}

function faultOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`
  }
  return 'accepted'
}

const clipFault = (clip: object, options: object = {}): string => faultOf(() => only(clip, options))

afterEach(() => vi.unstubAllEnvs())

describe('an export of which little is said', () => {
  it('has every key set', () => {
    const { run, ...rest } = resolve([{ start: 1 }])
    const unset = { encoder: null, bitrate: null, options: [] }
    const video = { ...unset, preset: null, crf: null, pixelFormat: null, keyInterval: null }
    expect(rest).toEqual({
      outDir: 'out',
      clipsAtOnce: null,
      clips: [
        {
          number: 1,
          name: null,
          title: null,
          start: 1,
          end: Infinity,
          mode: 'auto',
          container: 'mp4',
          video,
          edges: video,
          audio: { ...unset, mode: 'auto', channels: null, sampleRate: null },
          transform: null,
          filter: null,
          audioFilter: null,
          subtitles: true,
          chapters: true,
          metadata: true,
        },
      ],
    })
    expect(run).toMatchObject({ existing: 'error', retries: 2, timeoutSeconds: null, encoderThreads: 1, hwaccel: 'none' })
    expect(run.signal).toBeUndefined()
    expect(run.onProgress).toBeTypeOf('function')
  })

  it('counts its clips from 1', () => {
    expect(resolve([{ start: 0 }, { start: 1 }]).clips.map(({ number }) => number)).toEqual([1, 2])
  })

  it('keeps every run setting that is given', () => {
    const { signal } = new AbortController()
    const onProgress = (): void => undefined
    const given = { existing: 'skip', retries: 0, timeoutSeconds: 9, encoderThreads: 2, hwaccel: 'vaapi', signal, onProgress }
    expect(resolve([{ start: 0 }], given).run).toEqual(given)
    expect(transcode('a.mp4', given).run).toEqual(given)
    expect(resolve([{ start: 0 }], { clipsAtOnce: 3 }).clipsAtOnce).toBe(3)
  })

  it('takes a transform without a value for none', () => {
    expect(only({ transform: {} }).transform).toBeNull()
    expect(only({ transform: { width: undefined } }).transform).toBeNull()
    expect(only({ transform: { blur: 2 } }).transform).toEqual({ blur: 2 })
  })
})

describe('a setting of a clip', () => {
  it('wins over that of the options, which hold for the other clips', () => {
    const options = { mode: 'encode', container: 'mkv', subtitles: false, chapters: false, metadata: false, audioFilter: 'aecho' }
    const own = { mode: 'auto', container: 'mov', subtitles: true, chapters: true, metadata: true, audioFilter: 'areverse' }
    const { clips } = resolve([{ start: 0, ...own }, { start: 0 }], options)
    expect(clips).toMatchObject([own, options])
  })

  it('of video and audio replaces that key alone', () => {
    const shared = {
      video: { preset: 'slow', crf: 20, options: { tune: 'film' } },
      audio: { channels: 1, sampleRate: 44100, options: { a: 1 } },
    }
    const clip = only({ video: { crf: 30, keyInterval: 12 }, audio: { channels: 2 } }, shared)
    expect(clip.video).toMatchObject({ preset: 'slow', crf: 30, keyInterval: 12, options: [['tune', 'film']] })
    expect(clip.audio).toMatchObject({ mode: 'encode', channels: 2, sampleRate: 44100, options: [['a', '1']] })
    expect(only({ video: { options: { x: 2 } } }, shared).video.options).toEqual([['x', '2']])
  })

  it('of the transform replaces all of it', () => {
    expect(only({ transform: { blur: 1 } }, { transform: { width: 10 } }).transform).toEqual({ blur: 1 })
    expect(only({ transform: {} }, { transform: { width: 10 } }).transform).toBeNull()
  })

  it('that is a filter replaces the transform for all clips, and the other way round', () => {
    expect(only({ filter: 'negate' }, { transform: { width: 10 } })).toMatchObject({ filter: 'negate', transform: null })
    expect(only({ transform: { width: 10 } }, { filter: 'negate' })).toMatchObject({ filter: null, transform: { width: 10 } })
  })

  it('that is a bit rate replaces the quality for all clips, and the other way round', () => {
    expect(only({ video: { bitrate: 9000 } }, { video: { crf: 20 } }).video).toMatchObject({ bitrate: 9000, crf: null })
    expect(only({ video: { crf: 20 } }, { video: { bitrate: 9000 } }).video).toMatchObject({ bitrate: null, crf: 20 })
  })
})

describe('audio', () => {
  it.each([
    [undefined, 'auto'],
    [{}, 'auto'],
    ['copy', 'copy'],
    [false, 'none'],
    [{ bitrate: 64000 }, 'encode'],
    [{ encoder: 'aac' }, 'encode'],
    [{ options: { aac_coder: 'fast' } }, 'encode'],
  ])('given as %j is made by %s', (audio, mode) => {
    expect(only({ audio }).audio.mode).toBe(mode)
    expect(only({}, { audio }).audio.mode).toBe(mode)
  })

  it('that a clip does without has no filter', () => {
    expect(only({ audio: false }, { audioFilter: 'areverse' }).audioFilter).toBeNull()
  })

  it('that a clip sets itself is made although the options say none', () => {
    expect(only({ audio: { channels: 1 } }, { audio: false }).audio).toMatchObject({ mode: 'encode', channels: 1 })
  })
})

describe('the environment', () => {
  it('fills in what is not given', () => {
    vi.stubEnv('FRAMEMILL_PRESET', 'medium')
    vi.stubEnv('FRAMEMILL_CRF', '19.5')
    vi.stubEnv('FRAMEMILL_EXPORT_WORKERS', '3')
    const resolved = resolve([{ start: 0 }, { start: 0, video: { preset: 'slow', crf: 30 } }])
    expect(resolved.clipsAtOnce).toBe(3)
    expect(resolved.clips.map(({ video }) => [video.preset, video.crf])).toEqual([
      ['medium', 19.5],
      ['slow', 30],
    ])
    expect(resolve([{ start: 0 }], { clipsAtOnce: 5 }).clipsAtOnce).toBe(5)
    expect(transcode('a.mp4').clip.video).toMatchObject({ preset: 'medium', crf: 19.5 })
  })

  it('gives no quality where a bit rate is given', () => {
    vi.stubEnv('FRAMEMILL_CRF', '19')
    expect(only({ video: { bitrate: 1000 } }).video).toMatchObject({ bitrate: 1000, crf: null })
  })

  it('gives a preset to the encoders that know it alone', () => {
    vi.stubEnv('FRAMEMILL_PRESET', 'medium')
    expect(only({ video: { encoder: 'libx264' } }).video.preset).toBe('medium')
    expect(only({ video: { encoder: 'libx265' } }).video.preset).toBe('medium')
    expect(only({ video: { encoder: 'libsvtav1' } }).video.preset).toBeNull()
    expect(only({ container: 'webm' }).video.preset).toBeNull()
  })

  it('says nothing of the edges of a smart cut', () => {
    vi.stubEnv('FRAMEMILL_PRESET', 'medium')
    vi.stubEnv('FRAMEMILL_CRF', '40')
    expect(only({}).edges).toMatchObject({ preset: null, crf: null })
    expect(only({ video: { crf: 12 } }).edges).toMatchObject({ preset: null, crf: 12 })
  })

  it('gives a CRF to encoders that have one alone', () => {
    vi.stubEnv('FRAMEMILL_CRF', '19')
    expect(only({ video: { encoder: 'libsvtav1' } }).video.crf).toBe(19)
    expect(only({ video: { encoder: 'prores_ks' } }).video.crf).toBeNull()
  })

  it('does not count as a setting that a mode cannot keep', () => {
    vi.stubEnv('FRAMEMILL_PRESET', 'medium')
    vi.stubEnv('FRAMEMILL_CRF', '19')
    expect(clipFault({ mode: 'copy' })).toBe('accepted')
  })

  it('that is empty is as not set', () => {
    for (const name of ['FRAMEMILL_PRESET', 'FRAMEMILL_CRF', 'FRAMEMILL_EXPORT_WORKERS']) vi.stubEnv(name, ' ')
    expect(resolve([{ start: 0 }])).toMatchObject({ clipsAtOnce: null, clips: [{ video: { preset: null, crf: null } }] })
  })

  it.each([
    ['FRAMEMILL_PRESET', 'very fast', "an encoder's preset"],
    ['FRAMEMILL_CRF', 'low', 'a number from 0 to 63'],
    ['FRAMEMILL_CRF', '64', 'a number from 0 to 63'],
    ['FRAMEMILL_EXPORT_WORKERS', '1.5', 'a whole number from 1 to 1024'],
    ['FRAMEMILL_EXPORT_WORKERS', '0', 'a whole number from 1 to 1024'],
  ])('with %s=%s is named', (name, value, what) => {
    vi.stubEnv(name, value)
    expect(clipFault({})).toBe(`RangeError: Expected ${what} for ${name} but received "${value}" of type string`)
  })
})

describe('misuse of a clip', () => {
  it.each([
    [{ start: -1 }, 'RangeError: Expected a number of at least 0 for clips.0.start but received -1 of type number'],
    [{ start: Infinity }, 'RangeError: Expected a finite number for clips.0.start but received Infinity of type number'],
    [{ start: undefined }, 'TypeError: Expected a number for clips.0.start but received undefined of type undefined'],
    [{ start: 2, end: 2 }, 'RangeError: Expected a number above 2, where the clip starts, for clips.0.end but received 2 of type number'],
    [{ stop: 1 }, 'TypeError: Unknown key of clips.0 "stop"'],
    [{ titel: 'x' }, 'TypeError: Unknown key of clips.0 "titel" (did you mean "title"?)'],
    [{ video: { speed: 1 } }, 'TypeError: Unknown key of clips.0.video "speed"'],
    [{ audio: { speed: 1 } }, 'TypeError: Unknown key of clips.0.audio "speed"'],
    [{ audio: { bitrate: '1' } }, 'TypeError: Expected a number for clips.0.audio.bitrate but received "1" of type string'],
    [{ audio: true }, 'TypeError: Expected one of copy, false, or an object for clips.0.audio but received true of type boolean'],
    [
      { transform: { crop: { x: 0, y: 0, width: 0, height: 2 } } },
      'RangeError: Expected a number of at least 1 for clips.0.transform.crop.width but received 0 of type number',
    ],
    [
      { transform: { background: 'no colour' } },
      'RangeError: Expected FFmpeg\'s name of a colour, or #rrggbb, for clips.0.transform.background but received "no colour" of type string',
    ],
    [{ transform: { fit: 'cover', width: 10 } }, 'RangeError: Expected width and height together with clips.0.transform.fit'],
    [{ transform: { stack: { source: 'b' } } }, 'RangeError: Expected width and height together with clips.0.transform.stack'],
    [
      { transform: { stack: { source: 'b' }, width: 8, height: 8, fit: 'fill' } },
      'RangeError: Expected no clips.0.transform.fit together with clips.0.transform.stack, which covers each half',
    ],
    [
      { transform: { text: { text: 'a', from: 2, to: 1 } } },
      'RangeError: Expected a number above 2, which is from, for clips.0.transform.text.to but received 1 of type number',
    ],
    [{ transform: { blur: 1 }, filter: 'negate' }, 'RangeError: Expected either clips.0.transform or clips.0.filter but received both'],
    [{ video: { crf: 1, bitrate: 1000 } }, 'RangeError: Expected either clips.0.video.crf or clips.0.video.bitrate but received both'],
    [
      { audio: 'copy', audioFilter: 'areverse' },
      "RangeError: Expected no clips.0.audioFilter together with audio 'copy', which leaves the sound as it is",
    ],
    [
      { audio: 'copy', transform: { volume: 2 } },
      "RangeError: Expected no clips.0.transform.volume together with audio 'copy', which leaves the sound as it is",
    ],
    [
      { container: 'webm', video: { encoder: 'libx264' } },
      'RangeError: Expected an encoder of VP8, VP9 or AV1, which is what webm takes, for clips.0.video.encoder but received "libx264" of type string',
    ],
    [
      { container: 'webm', audio: { encoder: 'aac' } },
      'RangeError: Expected an encoder of Opus or Vorbis, which is what webm takes, for clips.0.audio.encoder but received "aac" of type string',
    ],
  ])('%j is answered with its own sentence', (clip, sentence) => {
    expect(clipFault(clip)).toBe(sentence)
  })

  it('names the clip it is in', () => {
    expect(faultOf(() => resolve([{ start: 0 }, { start: 0 }, { start: 3, end: 1 }]))).toMatch(/ for clips\.2\.end but received 1 /)
    expect(faultOf(() => resolve([{ start: 0 }, 7]))).toBe('TypeError: Expected an object for clips.1 but received 7 of type number')
  })

  it.each([
    ['', 'a name that is not empty'],
    ['a/b', 'a file name without /, \\ and NUL'],
    ['a\\b', 'a file name without /, \\ and NUL'],
    ['a\0', 'a file name without /, \\ and NUL'],
    ['..', 'a name that does not start with a dot'],
    ['ä'.repeat(101), 'a name of at most 200 bytes'],
  ])('that is the name %j says what a name is', (name, what) => {
    expect(clipFault({ name })).toBe(`RangeError: Expected ${what} for clips.0.name but received "${name}" of type string`)
  })

  it('that is one name twice tells both clips, unless the files differ', () => {
    const named = [{ start: 0, name: 'a' }, { start: 0 }, { start: 1, name: 'a' }]
    expect(faultOf(() => resolve(named))).toBe('RangeError: Expected different names for clips.0 and clips.2, which are both "a.mp4"')
    expect(faultOf(() => resolve([...named.slice(0, 2), { start: 1, name: 'a', container: 'mkv' }]))).toBe('accepted')
    expect(clipFault({ name: 'ä'.repeat(100) })).toBe('accepted')
  })

  it('that are no clips is told', () => {
    expect(faultOf(() => resolve([]))).toBe('RangeError: Expected at least 1 clip for clips but received an array of 0 of type object')
    expect(faultOf(() => resolve({ start: 0 }))).toBe('TypeError: Expected an array for clips but received an object of type object')
  })
})

describe('a mode', () => {
  const copy = 'which copies packets as they are'
  const smart = 'which encodes only what lies at the edges, as the source is encoded'
  it.each([
    ['copy', { transform: { blur: 1 } }, 'transform', copy],
    ['copy', { filter: 'negate' }, 'filter', copy],
    ['copy', { audioFilter: 'areverse' }, 'audioFilter', copy],
    ['copy', { video: { preset: 'slow' } }, 'video.preset', copy],
    ['copy', { video: { crf: 20 } }, 'video.crf', copy],
    ['copy', { video: { keyInterval: 20 } }, 'video.keyInterval', copy],
    ['copy', { video: { options: { tune: 'film' } } }, 'video.options', copy],
    ['smart', { transform: { blur: 1 } }, 'transform', smart],
    ['smart', { filter: 'negate' }, 'filter', smart],
    ['smart', { audioFilter: 'areverse' }, 'audioFilter', smart],
    ['smart', { video: { encoder: 'libx264' } }, 'video.encoder', smart],
    ['smart', { video: { bitrate: 1000 } }, 'video.bitrate', smart],
    ['smart', { video: { pixelFormat: 'yuv420p' } }, 'video.pixelFormat', smart],
    ['smart', { video: { options: { tune: 'film' } } }, 'video.options', smart],
  ])('%s with %j says that it cannot', (mode, settings, odd, why) => {
    expect(clipFault({ mode, ...settings })).toBe(
      `RangeError: Expected no clips.0.${odd} together with mode '${mode}', ${why}: mode 'encode' would apply it`,
    )
    expect(clipFault({ mode: 'auto', ...settings })).toBe('accepted')
    expect(clipFault({ mode: 'encode', ...settings })).toBe('accepted')
  })

  it('smart takes how the edges are encoded', () => {
    const { video } = only({ mode: 'smart', video: { preset: 'slow', crf: 18, keyInterval: 48 } })
    expect(video).toMatchObject({ preset: 'slow', crf: 18, keyInterval: 48 })
  })
})

describe('transcode', () => {
  it.each([
    ['a.mp4', 'mp4'],
    ['a.M4V', 'mp4'],
    ['b/c.d/a.mov', 'mov'],
    ['a.mkv', 'mkv'],
    ['a.webm', 'webm'],
  ])('to %s makes %s', (output, container) => {
    expect(transcode(output)).toMatchObject({ output, clip: { container, number: 1, name: null, start: 0, end: Infinity } })
  })

  it('makes the container that is asked for whatever the name', () => {
    expect(transcode('a.bin', { container: 'mkv', start: 1, end: 2, title: 'T' }).clip).toMatchObject({
      container: 'mkv',
      start: 1,
      end: 2,
      title: 'T',
    })
  })

  it.each(['a.avi', 'a', 'a.mp4/b', 'a.constructor'])('to %s without a container does not know which', (output) => {
    expect(faultOf(() => transcode(output))).toBe(
      `RangeError: Expected a name that ends in .mp4, .m4v, .mov, .mkv or .webm, or a container, for output but received "${output}" of type string`,
    )
  })

  it('names misuse without a clip', () => {
    expect(faultOf(() => transcode('a.mp4', { start: 2, end: 1 }))).toMatch(/ for end but received 1 /)
    expect(faultOf(() => transcode('a.mp4', { name: 'x' }))).toBe('TypeError: Unknown option "name"')
    expect(faultOf(() => transcode('a.mp4', { outDir: 'x' }))).toBe('TypeError: Unknown option "outDir"')
    expect(faultOf(() => transcode(7))).toBe('TypeError: Expected a path for output but received 7 of type number')
    expect(faultOf(() => transcode('a.webm', { video: { encoder: 'libx265' } }))).toMatch(/ for video\.encoder but received "libx265" /)
  })
})
