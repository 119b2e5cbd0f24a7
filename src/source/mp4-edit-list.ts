// Owns libavformat's reading of an edit list with one media edit: which packets stay, which are hidden, and their decode times.
import { demand } from './mp4-boxes.js'
import type { Mp4Samples } from './mp4-samples.js'

/** Empty edits, then one media edit at normal speed. */
export interface MediaEdit {
  /** What is shown before the media: media ticks. */
  readonly emptyTicks: number
  readonly mediaTime: number
  readonly durationTicks: number
}

/** Samples [first, end) of the track, with one row each. */
export interface EditedSamples {
  readonly first: number
  readonly end: number
  readonly dts: Float64Array
  /** 1: decoded, not shown. */
  readonly isHidden: Uint8Array
}

interface EditListEntry {
  readonly segment_duration: number
  readonly media_time: number
  readonly media_rate_integer: number
  readonly media_rate_fraction: number
}

export function mediaEdit(entries: readonly EditListEntry[], mediaTimescale: number, movieTimescale: number): MediaEdit {
  const media = entries.at(-1)
  demand(media !== undefined && entries.slice(0, -1).every((entry) => entry.media_time === -1), 'several media edits')
  demand(media.media_time >= 0 && Number.isSafeInteger(media.media_time), 'media time')
  demand(media.media_rate_integer === 1 && media.media_rate_fraction === 0, 'media rate')
  const ticks = entries.map((entry) => rescale(entry.segment_duration, mediaTimescale, movieTimescale))
  const durationTicks = ticks.pop() ?? 0
  demand(durationTicks > 0, 'edit without duration')
  return { emptyTicks: ticks.reduce((sum, each) => sum + each, 0), mediaTime: media.media_time, durationTicks }
}

/** value * to / from, to the nearest integer, halves up. */
function rescale(value: number, to: number, from: number): number {
  demand(Number.isSafeInteger(value), 'edit duration')
  const scaled = Number((BigInt(value) * BigInt(to) + BigInt(from) / 2n) / BigInt(from))
  demand(Number.isSafeInteger(scaled), 'edit duration')
  return scaled
}

/** libavformat's mov_fix_index for one media edit. */
export function applyEdit(samples: Mp4Samples, edit: MediaEdit): EditedSamples {
  const { count, dts: storedDts, compositionOffset, dtsShift, isKey } = samples
  const editEnd = edit.mediaTime + edit.durationTicks
  const first = startOf(samples, edit.mediaTime)
  const dts = new Float64Array(count - first)
  const isHidden = new Uint8Array(count - first)
  let time = edit.emptyTicks - dtsShift
  let firstShown = -1
  let firstPts = -1
  let keysBehindEdit = 0
  let index = first
  // Leading pictures of the first key frame behind the edit may belong to the edit, so the second one ends it where pictures are reordered.
  for (const enough = compositionOffset ? 2 : 1; index < count && keysBehindEdit < enough; index++) {
    const row = index - first
    const decoded = storedDts[index] ?? 0
    const duration = (storedDts[index + 1] ?? decoded) - decoded
    const offset = (compositionOffset?.[index] ?? 0) + dtsShift
    const cts = decoded + offset
    const isShown = cts >= edit.mediaTime && cts < editEnd
    isHidden[row] = isShown ? 0 : 1
    dts[row] = time
    if (isShown) {
      firstPts = firstPts < 0 ? time + offset : Math.min(firstPts, time + offset) // libavformat, too, forgets a negative one
      if (firstShown < 0) firstShown = row
    }
    if (firstShown >= 0) time += duration
    if (cts + duration >= editEnd && isKey[index]) keysBehindEdit++
  }
  demand(firstShown >= 0, 'edit that shows nothing')
  for (let row = firstShown - 1; row >= 0; row--) {
    dts[row] = (dts[row + 1] ?? 0) - ((storedDts[first + row + 1] ?? 0) - (storedDts[first + row] ?? 0))
  }
  // The first picture shown starts the stream, however late its decoding delay puts it.
  const excess = Math.max(0, firstPts - edit.emptyTicks)
  const rows = index - first
  return { first, end: index, dts: dts.subarray(0, rows).map((each) => each - excess), isHidden: isHidden.subarray(0, rows) }
}

/** The sample decoding starts at: the last key sample shown at or before `mediaTime`, else the first sample. */
function startOf({ count, dts, compositionOffset, dtsShift, isKey }: Mp4Samples, mediaTime: number): number {
  const wanted = mediaTime - dtsShift
  let index = lastAtOrBefore(dts, count, wanted)
  while (index >= 0 && !isKey[index]) index--
  for (let same = index; same > 0 && dts[same] === dts[same - 1]; same--) {
    if (isKey[same - 1]) index = same - 1
  }
  if (index < 0 && !compositionOffset) {
    index = lastAtOrBefore(dts, count, wanted)
    while (index > 0 && dts[index] === dts[index - 1]) index--
  }
  if (compositionOffset) {
    while (index >= 0 && !(isKey[index] && (dts[index] ?? 0) + (compositionOffset[index] ?? 0) <= wanted)) index--
  }
  return Math.max(0, index)
}

/** By bisection as libavformat does it: among equal decode times the one it meets first, else the last one before. */
function lastAtOrBefore(dts: Float64Array, count: number, wanted: number): number {
  let below = (dts[count - 1] ?? 0) < wanted ? count - 1 : -1
  let above = count
  while (above - below > 1) {
    const middle = (below + above) >> 1
    const time = dts[middle] ?? 0
    if (time >= wanted) above = middle
    if (time <= wanted) below = middle
  }
  return below
}
