// Answers over measurements that are not there: an analysis without sound or pictures holds null.
import { describe, expect, it } from 'vitest'
import { detectBeats } from '../../src/analysis/beats.ts'
import { detectBlack } from '../../src/analysis/black.ts'
import { detectFreeze } from '../../src/analysis/freeze.ts'
import { detectScenes } from '../../src/analysis/scenes.ts'
import { scenesToChapters } from '../../src/analysis/scene-chapters.ts'
import { detectSilence } from '../../src/analysis/silence.ts'

/** Calls with what TypeScript would not let pass. */
function call(answer: unknown, ...values: unknown[]): () => unknown {
  if (typeof answer !== 'function') throw new TypeError('Expected a function')
  return () => Reflect.apply(answer, undefined, values)
}

describe('without measurements', () => {
  it.each([
    ['detectScenes', detectScenes, 'Expected a PictureSeries for pictures but received null of type null'],
    ['detectBlack', detectBlack, 'Expected a PictureSeries for pictures but received null of type null'],
    ['detectFreeze', detectFreeze, 'Expected a PictureSeries for pictures but received null of type null'],
    ['detectSilence', detectSilence, 'Expected a SoundSeries for sound but received null of type null'],
    ['detectBeats', detectBeats, 'Expected a SoundSeries for sound but received null of type null'],
  ])('%s says what it needs', (_, answer, message) => {
    expect(call(answer, null)).toThrow(new TypeError(message))
  })

  it('chapters in a format that is none name those that are', () => {
    expect(call(scenesToChapters, [], 'txt')).toThrow('Expected one of ffmetadata, ')
  })
})
