// The shortest scene, against the filter played frame by frame.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterCuts } from '../../src/analysis/flash-filter.ts'

/** Which frames begin a scene, as one who sees a frame at a time and remembers little decides it. */
function played(isChange: readonly boolean[], length: number, mode: 'merge' | 'suppress'): number[] {
  const found: number[] = []
  let lastChange = 0
  let mayMerge = false
  let mergingSince: number | null = null
  for (const [frame, changes] of isChange.entries()) {
    const isLong = frame - lastChange >= length
    if (mode === 'suppress') {
      if (!changes || !isLong) continue
      lastChange = frame
      found.push(frame)
      continue
    }
    if (changes) lastChange = frame
    if (mergingSince !== null) {
      if (!isLong || changes || lastChange - mergingSince < length) continue
      mergingSince = null
      found.push(lastChange)
    } else if (changes && isLong) {
      mayMerge = true
      found.push(frame)
    } else if (changes && mayMerge) {
      mergingSince = frame
    }
  }
  return found
}

describe.each(['merge', 'suppress'] as const)('filter mode %s', (mode) => {
  it('keeps the cuts that a filter fed frame by frame lets through', () => {
    const films = fc.array(
      fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
      { minLength: 1, maxLength: 120 },
    )
    fc.assert(
      fc.property(films, fc.integer({ min: 1, max: 20 }), (isChange, length) => {
        // The first frame has none before it that it could differ from.
        const changes = isChange.map((changed, frame) => changed && frame > 0)
        const cuts = changes.flatMap((changed, frame) => (changed ? [frame] : []))
        const isApart = (before: number, after: number): boolean => after - before >= length
        expect(filterCuts(cuts, mode, isApart, changes.length - 1)).toEqual(played(changes, length, mode))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps every cut where scenes may be of any length', () => {
    expect(filterCuts([1, 2, 3, 9], mode, () => true, 9)).toEqual([1, 2, 3, 9])
  })
})
