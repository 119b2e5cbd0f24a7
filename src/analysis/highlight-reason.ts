// Owns the words for why a window was chosen, with the figures that a person can check by looking and listening.
import type { HighlightComponent, HighlightWeights } from '../options/highlights.js'
import type { TimeRange } from '../options/time-range.js'
import type { StepCurve } from './step-curve.js'
import type { Components, Evidence } from './window-score.js'

/** Levels below say nothing that would be noticed. */
const noticed = 0.15

type Spoken = Exclude<HighlightComponent, 'silence'>

/** What adds to the score, the most important first. */
export function reasonOf(
  window: TimeRange,
  components: Components,
  changes: number,
  { evidence, weights }: { readonly evidence: Evidence; readonly weights: HighlightWeights },
): string {
  const seconds = window.end - window.start
  const words: Record<Spoken, () => string> = {
    loudness: () => loudnessWords(window, evidence),
    onsets: () => onsetWords(window, evidence),
    scenes: () => `${changes} scene change${changes === 1 ? '' : 's'} in ${digits(seconds)} s`,
    motion: () => motionWords(window, evidence),
  }
  const spoken: readonly Spoken[] = ['loudness', 'onsets', 'scenes', 'motion']
  const parts = spoken
    .filter((name) => components[name] >= noticed && weights[name] > 0)
    .sort((a, b) => weights[b] * components[b] - weights[a] * components[a])
    .map((name) => words[name]())
  const reason = parts.length === 0 ? 'nothing stands out' : parts.join(', ')
  return components.silence >= noticed ? `${reason}; ${Math.round(components.silence * 100)} % silence` : reason
}

function loudnessWords({ start, end }: TimeRange, { sound }: Evidence): string {
  if (sound === null) return ''
  const loudness = 10 * Math.log10(sound.power.integral(start, end) / (end - start))
  const above = loudness - sound.usualLoudness
  return above >= 1 ? `loud (${digits(loudness)} LUFS, ${digits(above)} LU above the usual)` : `loud (${digits(loudness)} LUFS)`
}

function onsetWords({ start, end }: TimeRange, { sound }: Evidence): string {
  if (sound === null) return ''
  const ratio = sound.strength.integral(start, end) / (end - start) / sound.usualStrength
  return ratio >= 1.1 ? `lively sound (onsets ${digits(ratio)} times as strong as usual)` : 'lively sound'
}

function motionWords({ start, end }: TimeRange, { pictures }: Evidence): string {
  if (pictures === null) return ''
  const meanOf = (curve: StepCurve): number => curve.integral(start, end) / (end - start)
  const [speed, change] = [meanOf(pictures.speed.curve), meanOf(pictures.change.curve)]
  const ratioOf = (value: number, usual: number): number => (usual > 0 ? value / usual : 0)
  const [bySpeed, byChange] = [ratioOf(speed, pictures.speed.usual), ratioOf(change, pictures.change.usual)]
  const often = Math.max(bySpeed, byChange) >= 1.1 ? `, ${digits(Math.max(bySpeed, byChange))} times the usual` : ''
  return bySpeed >= byChange
    ? `motion (${digits(speed * 100)} % of the width a second${often})`
    : `changing pictures (by ${digits(change)} levels${often})`
}

/** Three digits, and no more than one behind the point. */
function digits(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10)
}
