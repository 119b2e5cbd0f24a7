// Owns the border between who writes the page of an analysis and the page's own script, which reads this as JSON.

/** A line over time, in three columns of equal length. */
export interface Curve {
  /** Seconds that a point stands for, from its time on; 0: points are single measurements. */
  readonly span: number
  /** Ascending. */
  readonly time: readonly number[]
  /** Lowest value of what the point stands for; null: nothing could be measured there. */
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
}

/** Seconds on the timeline. */
export interface PageRange {
  readonly start: number
  readonly end: number
}

export interface PageScene extends PageRange {
  readonly kind: 'cut' | 'fade' | 'dissolve'
  readonly transition: PageRange | null
}

export interface PageHighlight extends PageRange {
  readonly rank: number
  readonly score: number
}

export interface PageGap extends PageRange {
  readonly kind: 'video' | 'audio'
}

export interface PageThumbnail {
  readonly timestamp: number
  readonly width: number
  readonly height: number
  /** A data URL. */
  readonly url: string
}

/** What the script draws. All lists are in the order of time. */
export interface PageData extends PageRange {
  /** Seconds that an arrow key moves by: one frame, where there are frames. */
  readonly keyStep: number
  /** null: there are no pictures. */
  readonly motion: Curve | null
  /** Upper end of the scale of motion. */
  readonly motionTop: number
  /** null: there is no sound. */
  readonly loudness: Curve | null
  /** Ends of the scale of loudness, LUFS. */
  readonly loudnessBottom: number
  readonly loudnessTop: number
  readonly scenes: readonly PageScene[]
  readonly highlights: readonly PageHighlight[]
  readonly silences: readonly PageRange[]
  readonly beats: readonly number[]
  readonly gaps: readonly PageGap[]
  readonly thumbnails: readonly PageThumbnail[]
}
