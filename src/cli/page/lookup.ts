// Owns what the data says about one time.
import type { Curve, PageData, PageRange, PageThumbnail } from '../page-data.js'

/** Position of the last of the ascending times that is not after `time`; -1 when all are. */
export function lastNotAfter(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** What the point at `time` stands for; null where nothing was measured. */
export function valueAt(curve: Curve | null, time: number): { readonly low: number; readonly high: number } | null {
  if (curve === null) return null
  const index = lastNotAfter(curve.time, time)
  const [low, high] = [curve.low[index] ?? null, curve.high[index] ?? null]
  return low === null || high === null ? null : { low, high }
}

/** Position of the range that holds `time`, the end not included; -1 when none does. */
export function rangeAt(ranges: readonly PageRange[], time: number): number {
  return ranges.findIndex(({ start, end }) => time >= start && time < end)
}

export function nearestThumbnail(thumbnails: readonly PageThumbnail[], time: number): PageThumbnail | undefined {
  return thumbnails.reduce<PageThumbnail | undefined>(
    (best, each) => (best === undefined || Math.abs(each.timestamp - time) < Math.abs(best.timestamp - time) ? each : best),
    undefined,
  )
}

/** Where scenes, highlights and silences begin and end: places that a pointer nearby means. Ascending. */
export function landmarks({ scenes, highlights, silences }: PageData): number[] {
  const both = [...highlights, ...silences].flatMap(({ start, end }) => [start, end])
  return [...scenes.map(({ start }) => start), ...both].sort((a, b) => a - b)
}

/** The landmark nearest to `time` if it is no further than `within`, else `time`. */
export function snapped(ascending: readonly number[], time: number, within: number): number {
  const index = lastNotAfter(ascending, time)
  const near = [ascending[index], ascending[index + 1]].filter((each) => each !== undefined && Math.abs(each - time) <= within)
  return near.reduce<number>(
    (best, each) => (each !== undefined && Math.abs(each - time) < Math.abs(best - time) ? each : best),
    near[0] ?? time,
  )
}
