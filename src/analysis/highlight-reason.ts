// Owns the words for why a window was chosen, with the figures that a person can check by looking and listening.
import type { HighlightComponent, HighlightWeights } from '../options/highlights.js'
import type { TimeRange } from '../options/time-range.js'
import type { StepCurve } from './step-curve.js'
import type { Components, Evidence } from './window-score.js'

/** Levels below say nothing that would be noticed. */
const noticed = 0.15

/** Times what is usual in the file (for loudness, LU above it) from which on something is said to stand out. */
const standing = { ratio: 1.1, loudness: 1 }

type Spoken = Exclude<HighlightComponent, 'silence'>

interface Phrase {
  readonly words: string
  /** More than is usual in the file, and not only a part of it that counts. */
  readonly standsOut: boolean
}

/** What adds to the score, the most important first; what is as everywhere in the file only when nothing stands out. */
export function reasonOf(
  window: TimeRange,
  components: Components,
  changes: number,
  { evidence, weights }: { readonly evidence: Evidence; readonly weights: HighlightWeights },
): string {
  const seconds = window.end - window.start
  const phrases: Record<Spoken, () => Phrase> = {
    loudness: () => loudnessPhrase(window, evidence),
    onsets: () => onsetPhrase(window, evidence),
    scenes: () => ({ words: `${changes} scene change${changes === 1 ? '' : 's'} in ${digits(seconds)} s`, standsOut: true }),
    motion: () => motionPhrase(window, evidence),
  }
  const spoken: readonly Spoken[] = ['loudness', 'onsets', 'scenes', 'motion']
  const said = spoken
    .filter((name) => components[name] >= noticed && weights[name] > 0)
    .sort((a, b) => weights[b] * components[b] - weights[a] * components[a])
    .map((name) => phrases[name]())
  const chosen = said.some(({ standsOut }) => standsOut) ? said.filter(({ standsOut }) => standsOut) : said
  const reason = chosen.length === 0 ? 'nothing stands out' : chosen.map(({ words }) => words).join(', ')
  return components.silence >= noticed ? `${reason}; ${Math.round(components.silence * 100)} % silence` : reason
}

const silent: Phrase = { words: '', standsOut: false }

function loudnessPhrase({ start, end }: TimeRange, { sound }: Evidence): Phrase {
  if (sound === null) return silent
  const loudness = 10 * Math.log10(sound.power.integral(start, end) / (end - start))
  const above = loudness - sound.usualLoudness
  const standsOut = above >= standing.loudness
  return { words: `loud (${digits(loudness)} LUFS${standsOut ? `, ${digits(above)} LU above the usual` : ''})`, standsOut }
}

function onsetPhrase({ start, end }: TimeRange, { sound }: Evidence): Phrase {
  if (sound === null) return silent
  const ratio = sound.strength.integral(start, end) / (end - start) / sound.usualStrength
  const standsOut = ratio >= standing.ratio
  return { words: standsOut ? `lively sound (onsets ${digits(ratio)} times as strong as usual)` : 'lively sound', standsOut }
}

function motionPhrase({ start, end }: TimeRange, { pictures }: Evidence): Phrase {
  if (pictures === null) return silent
  const meanOf = (curve: StepCurve): number => curve.integral(start, end) / (end - start)
  const [speed, change] = [meanOf(pictures.speed.curve), meanOf(pictures.change.curve)]
  const ratioOf = (value: number, usual: number): number => (usual > 0 ? value / usual : 0)
  const [bySpeed, byChange] = [ratioOf(speed, pictures.speed.usual), ratioOf(change, pictures.change.usual)]
  const standsOut = Math.max(bySpeed, byChange) >= standing.ratio
  const often = standsOut ? `, ${digits(Math.max(bySpeed, byChange))} times the usual` : ''
  const words =
    bySpeed >= byChange
      ? `motion (${digits(speed * 100)} % of the width a second${often})`
      : `changing pictures (by ${digits(change)} levels${often})`
  return { words, standsOut }
}

/** Three digits, and no more than one behind the point. */
function digits(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10)
}
