// Owns the words for what is known of one time.
import type { PageData } from '../page-data.js'
import { rangeAt, valueAt } from './lookup.js'

export interface Facts {
  readonly scene: string
  readonly motion: string
  readonly loudness: string
  readonly highlight: string
}

const none = '–'

export function factsAt(data: PageData, time: number): Facts {
  return {
    scene: sceneText(data, time),
    motion: data.motion === null ? 'no pictures' : rangeText(valueAt(data.motion, time), (share) => (share * 100).toFixed(2), '%'),
    loudness: loudnessText(data, time),
    highlight: highlightText(data, time),
  }
}

/** One line for those who cannot see the picture. */
export function spokenFacts({ scene, motion, loudness, highlight }: Facts): string {
  const told = [`scene ${scene}`, `motion ${motion}`, `loudness ${loudness}`, `highlight ${highlight}`]
  return told.filter((text) => !text.endsWith(none)).join(', ')
}

function sceneText({ scenes }: PageData, time: number): string {
  const index = rangeAt(scenes, time)
  const scene = scenes[index]
  return scene === undefined ? none : `${index + 1} of ${scenes.length}, ${scene.kind}, ${(scene.end - scene.start).toFixed(1)} s`
}

function loudnessText({ loudness, loudnessBottom, silences }: PageData, time: number): string {
  if (loudness === null) return 'no sound'
  const told = (value: number): string => (value <= loudnessBottom ? `below ${loudnessBottom}` : value.toFixed(1)).replace('-', '−')
  const text = rangeText(valueAt(loudness, time), told, 'LUFS')
  return rangeAt(silences, time) === -1 ? text : `${text}, silence`
}

function highlightText({ highlights }: PageData, time: number): string {
  const highlight = highlights[rangeAt(highlights, time)]
  return highlight === undefined ? none : `number ${highlight.rank}, score ${highlight.score.toFixed(2)}`
}

/** One value, or from lowest to highest where a point stands for several. */
function rangeText(value: { low: number; high: number } | null, text: (value: number) => string, unit: string): string {
  if (value === null) return none
  const [low, high] = [text(value.low), text(value.high)]
  return `${low === high ? high : `${low} to ${high}`} ${unit}`
}
