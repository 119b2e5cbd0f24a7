// Owns how a measurement becomes a level from 0 to 1 that says how much it stands out in its file. The scale is taken from what is above an
// absolute floor alone: silence and still pictures, however much of them there is, leave every level as it was.

/** What {@link levelOn} measures against. */
export interface RobustScale {
  /** Up to here nothing happens: level 0. */
  readonly floor: number
  /** What is usual in the file: level 0 up to here too. */
  readonly centre: number
  /** A level of a half is this far above the centre. */
  readonly range: number
}

const busyQuantile = 0.95

/**
 * From the median of what is above `floor` to its 95th percentile, and at least `spread` wide: where everything is alike, the small
 * differences that are left are not blown up, and everything has a level of a half. null when nothing is above the floor.
 * @param values NaN and infinities are passed over
 */
export function scaleOf(values: Float64Array, floor: number, spread: number): RobustScale | null {
  const active = values.filter((value) => value > floor && value < Infinity).sort()
  if (active.length === 0) return null
  const busy = quantile(active, busyQuantile)
  const centre = Math.max(floor, Math.min(quantile(active, 0.5), busy - spread))
  return { floor, centre, range: Math.max(spread, busy - centre) }
}

/** 0 at the centre, a half one range above it, three quarters two above: rare extremes still count for more, and none for more than 1. */
export function levelOn(scale: RobustScale, value: number): number {
  if (!(value > scale.floor)) return 0
  return saturating((value - scale.centre) / scale.range)
}

/** 1 - 2^-x: 0 for 0, a half for 1, and towards 1. */
export function saturating(x: number): number {
  return x > 0 ? 1 - 2 ** -x : 0
}

/** By linear interpolation between order statistics. */
export function quantile(ascending: Float64Array, share: number): number {
  const place = (ascending.length - 1) * share
  const [below, above] = [ascending[Math.floor(place)] ?? NaN, ascending[Math.ceil(place)] ?? NaN]
  return below + (above - below) * (place - Math.floor(place))
}
