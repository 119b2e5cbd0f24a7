// Owns the line that says how far an analysis is.
import type { AnalyzeProgress } from '../index.js'
import { progressLine, shortNumber } from './progress.js'
import type { Phase } from './progress.js'

export type ShownAnalysis = Phase & Pick<AnalyzeProgress, 'frames' | 'framesTotal' | 'sourceSeconds'>

const phaseNames = { index: 'indexing', analyze: 'analyzing' } as const

export function shownAnalysis({ phase, fraction, ...counts }: AnalyzeProgress): ShownAnalysis {
  return { ...counts, name: phaseNames[phase], done: fraction, total: 1 }
}

/** `analyzing  ####------  64 %  770/1200 frames  93 frames/s  46x realtime  ETA 0:04`; frames where there are any to measure. */
export function analysisProgressText(progress: ShownAnalysis, elapsedSeconds: number, columns = 0): string {
  const { name, done: part, frames, framesTotal, sourceSeconds } = progress
  const words: string[] = []
  if (name === phaseNames.analyze && elapsedSeconds > 0) {
    if (framesTotal > 0) words.push(`${frames}/${framesTotal} frames`, `${shortNumber(frames / elapsedSeconds)} frames/s`)
    words.push(`${shortNumber((sourceSeconds * part) / elapsedSeconds)}x realtime`)
  }
  return progressLine({ name, part, words, elapsedSeconds }, columns)
}
