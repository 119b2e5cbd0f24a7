// Owns the lanes of the timeline and where they lie: the style sheet says how high each is, the drawing follows.

export type LaneName = 'ruler' | 'film' | 'scenes' | 'motion' | 'loudness' | 'highlights' | 'silences'

/** Pixels from the top of the drawing. */
export interface Lane {
  readonly top: number
  readonly height: number
}

export type Lanes = Readonly<Record<LaneName, Lane>>

/** A lane that has no element has no height: nothing is drawn there. */
export function readLanes(timeline: Element): Lanes {
  const top = timeline.getBoundingClientRect().top
  const lane = (name: LaneName): Lane => {
    const box = timeline.querySelector(`[data-lane="${name}"]`)?.getBoundingClientRect()
    return box === undefined ? { top: 0, height: 0 } : { top: box.top - top, height: box.height }
  }
  return {
    ruler: lane('ruler'),
    film: lane('film'),
    scenes: lane('scenes'),
    motion: lane('motion'),
    loudness: lane('loudness'),
    highlights: lane('highlights'),
    silences: lane('silences'),
  }
}
