// Owns which settings of a clip go together, and which names a clip may have. Each rule answers with a RangeError that says what to change.
import { expected } from '../errors.js'
import type { ResolvedClip } from './export-resolved.js'
import { checkTransform } from './transform-schema.js'

/** `owner` is where the clip is in what the caller gave ("clips.2"); '' for the only one. */
export function checkClip(clip: ResolvedClip, owner: string): void {
  const named = (key: string): string => (owner === '' ? key : `${owner}.${key}`)
  const { start, end, transform } = clip
  if (end <= start) throw new RangeError(expected(`a number above ${start}, where the clip starts,`, named('end'), end))
  if (clip.name !== null) checkName(clip.name, named('name'))
  if (transform !== null) checkTransform(transform, named('transform'))
  if (transform !== null && clip.filter !== null) {
    throw new RangeError(`Expected either ${named('transform')} or ${named('filter')} but received both`)
  }
  if (clip.video.crf !== null && clip.video.bitrate !== null) {
    throw new RangeError(`Expected either ${named('video.crf')} or ${named('video.bitrate')} but received both`)
  }
  checkPreset(clip, named)
  checkMode(clip, named)
  checkAudioCopy(clip, named)
  if (clip.container === 'webm') checkWebm(clip, named)
}

type Named = (key: string) => string

/** Of x264 and x265. They complain of another one on stderr, and what they are left with is lost. */
const presets = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow', 'placebo']

function checkPreset({ video: { encoder, preset }, container }: ResolvedClip, named: Named): void {
  const takesThese = encoder === null ? container !== 'webm' : encoder === 'libx264' || encoder === 'libx265'
  if (preset === null || !takesThese || presets.includes(preset)) return
  throw new RangeError(expected(`one of ${presets.join(', ')}`, named('video.preset'), preset))
}

/** What each mode leaves undone. */
function checkMode(clip: ResolvedClip, named: Named): void {
  if (clip.mode !== 'copy' && clip.mode !== 'smart') return
  const changes = (['transform', 'filter', 'audioFilter'] as const).filter((key) => clip[key] !== null)
  const settings = (['encoder', 'bitrate', 'pixelFormat', 'preset', 'crf', 'keyInterval'] as const).filter(
    (key) => clip.video[key] !== null,
  )
  const edges = ['preset', 'crf', 'keyInterval']
  const encoding = [...settings, ...(clip.video.options.length > 0 ? ['options'] : [])].filter(
    (key) => clip.mode === 'copy' || !edges.includes(key),
  )
  const [odd] = [...changes, ...encoding.map((key) => `video.${key}`)]
  if (odd === undefined) return
  const what = clip.mode === 'copy' ? 'copies packets as they are' : 'encodes only what lies at the edges, as the source is encoded'
  throw new RangeError(`Expected no ${named(odd)} together with mode '${clip.mode}', which ${what}: mode 'encode' would apply it`)
}

function checkAudioCopy(clip: ResolvedClip, named: Named): void {
  if (clip.audio.mode !== 'copy') return
  const { transform } = clip
  const changes = (['speed', 'fadeIn', 'fadeOut', 'volume', 'loudness'] as const).filter((key) => transform?.[key] !== undefined)
  const [odd] = [...(clip.audioFilter === null ? [] : ['audioFilter']), ...changes.map((key) => `transform.${key}`)]
  if (odd !== undefined) throw new RangeError(`Expected no ${named(odd)} together with audio 'copy', which leaves the sound as it is`)
}

const webmVideo = /^(?:libvpx(?:-vp9)?|libaom-av1|libsvtav1|librav1e|(?:vp8|vp9|av1)_\w+)$/
const webmAudio = /^(?:libopus|opus|libvorbis|vorbis)$/

function checkWebm({ video, audio }: ResolvedClip, named: Named): void {
  if (video.encoder !== null && !webmVideo.test(video.encoder)) {
    throw new RangeError(expected('an encoder of VP8, VP9 or AV1, which is what webm takes,', named('video.encoder'), video.encoder))
  }
  if (audio.encoder !== null && !webmAudio.test(audio.encoder)) {
    throw new RangeError(expected('an encoder of Opus or Vorbis, which is what webm takes,', named('audio.encoder'), audio.encoder))
  }
}

// The longest name that file systems take is 255 bytes; the extension and a temporary ending need some of them.
const mostNameBytes = 200

function checkName(name: string, option: string): void {
  const what =
    name === ''
      ? 'a name that is not empty'
      : /[/\\\0]/.test(name)
        ? 'a file name without /, \\ and NUL'
        : name.startsWith('.')
          ? 'a name that does not start with a dot'
          : Buffer.byteLength(name) > mostNameBytes
            ? `a name of at most ${mostNameBytes} bytes`
            : null
  if (what !== null) throw new RangeError(expected(what, option, name))
}

/** No two clips make one file. */
export function checkNames(clips: readonly ResolvedClip[]): void {
  const seen = new Map<string, number>()
  for (const [index, { name, container }] of clips.entries()) {
    if (name === null) continue
    const file = `${name}.${container}`
    const first = seen.get(file)
    if (first !== undefined)
      throw new RangeError(`Expected different names for clips.${first} and clips.${index}, which are both "${file}"`)
    seen.set(file, index)
  }
}
