// Owns turning a transform into libavfilter graphs, and what is known of a clip that has gone through them. Pure.
import type { Transform } from '../options/transform.js'
import { FilterChain } from './filter-chain.js'
import type { GraphSource, Shape } from './filter-shape.js'
import { soundFilters } from './sound-filters.js'
import { addEffects } from './transform-effects.js'
import { orient } from './geometry-filters.js'
import { addGeometry } from './transform-geometry.js'

export type { GraphSource } from './filter-shape.js'

/** Graphs have one input and one output, without labels. */
export interface CompiledFilters {
  /** null: pictures stay as they are, display matrix included. Otherwise they come out as shown, without need of one. */
  readonly video: string | null
  /** null: sound stays as it is, or there is none. */
  readonly audio: string | null
  readonly width: number
  readonly height: number
  readonly sampleAspectRatio: Shape['sampleAspectRatio']
  /**
   * Each picture out is made of one picture in and its time in the clip, so the clip may be cut into runs of frames that go through
   * graphs of their own. A change of speed is such: a picture's new time follows from its own.
   */
  readonly isPerFrame: boolean
  /** Seconds out for each second in. */
  readonly pace: number
}

/** @throws RangeError for lengths that the source's size does not allow */
export function compileFilters(transform: Transform, source: GraphSource): CompiledFilters {
  const pace = 1 / (transform.speed ?? 1)
  const seconds = source.seconds * pace
  const audio = source.sampleRate > 0 ? soundFilters(transform, source.sampleRate, seconds) : null
  const keepsState = transform.stack !== undefined || transform.fps !== undefined || (transform.denoise ?? 0) > 0
  const timing = { audio, isPerFrame: !keepsState, pace }
  const { width, height, sampleAspectRatio } = source
  if (!changesPictures(transform)) return { video: null, width, height, sampleAspectRatio, ...timing }
  const chain = new FilterChain()
  const shape = addGeometry(chain, transform, source)
  addEffects(chain, transform, shape, source)
  return { video: chain.isEmpty ? null : chain.toString(), ...shape, ...timing }
}

/** A graph of the user's own, for pictures as shown. */
export function asShown(filter: string, source: GraphSource): string {
  const chain = new FilterChain()
  orient(chain, source, source.orientation)
  return chain.isEmpty ? filter : `${chain.toString()},${filter}`
}

function changesPictures(transform: Transform): boolean {
  return Object.entries(transform).some(([key, value]) => value !== undefined && key !== 'volume' && key !== 'loudness')
}
