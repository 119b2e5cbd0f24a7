// Owns what a clip's file says of itself: container, tags, chapters. Pure.
import type { NativeRemux, NativeSourceFacts } from '../native/binding.js'
import type { ResolvedClip } from '../options/export.js'
import type { ClipSource, RecipeRequest } from './clip-request.js'
import type { ClipSpan } from './clip-span.js'
import { containers } from './containers.js'

export function fileOf(request: RecipeRequest, span: ClipSpan, pace: number): NativeRemux {
  const { source, clip, output } = request
  return {
    path: output,
    format: containers[clip.container].format,
    options: muxerOptions(request, pace),
    tags: tagsOf(source.facts, clip),
    chapters: clip.chapters ? chaptersIn(source, span, pace) : [],
  }
}

/** MP4 and MOV count in the source's own ticks, so that no timestamp is rounded; their index goes to the front, for players on the web. */
function muxerOptions({ source, clip }: RecipeRequest, pace: number): string[] {
  if (!containers[clip.container].hasEditList) return []
  const { num, den } = source.stream.timeBase
  if (num !== 1) return ['movflags', '+faststart']
  // Edit lists count in the movie's ticks: fine enough for a sample of sound, and whole for a frame.
  const movie = den * Math.max(1, Math.ceil(leastMovieTimescale / den))
  return ['movflags', '+faststart', ...trackTicks(clip, pace, den, movie), 'movie_timescale', String(movie)]
}

/** Where filters give frames other times, ticks of the source may be longer than a frame. */
function trackTicks({ transform, filter }: ResolvedClip, pace: number, own: number, fine: number): string[] {
  if (pace !== 1) return ['video_track_timescale', String(fine)]
  // Those that the filters count in, which libavformat takes from the encoder.
  if (filter !== null || transform?.fps !== undefined) return []
  return ['video_track_timescale', String(own)]
}

const leastMovieTimescale = 48_000

/** Tags about the container that was. */
const containerTags = new Set(['major_brand', 'minor_version', 'compatible_brands', 'encoder', 'duration'])

function tagsOf(facts: NativeSourceFacts, { metadata, title }: ResolvedClip): string[] {
  const kept = metadata ? Object.entries(facts.tags).filter(([name]) => !containerTags.has(name.toLowerCase())) : []
  const all = new Map(kept)
  if (title !== null) all.set('title', title)
  return [...all].flat()
}

function chaptersIn({ facts, index }: ClipSource, span: ClipSpan, pace: number): NativeRemux['chapters'] {
  const { timeline } = index
  const zero = (facts.startMicros ?? 0) / 1e6
  const start = timeline.seconds(span.origin)
  const end = timeline.seconds(span.end)
  return facts.chapters.flatMap((chapter) => {
    const from = Math.max(start, chapter.start - zero)
    const to = Math.min(end, chapter.end - zero)
    return from < to ? [{ start: (from - start) * pace, end: (to - start) * pace, title: chapter.title }] : []
  })
}
