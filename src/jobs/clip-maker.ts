// Owns one try at one clip: plan, encode, write, check. Leaves a whole file under its temporary name, or throws.
import { VideoError } from '../errors.js'
import type { ResolvedClip } from '../options/export.js'
import { candidates, copyHidden, copyShown, RandomAccess, smartCut } from '../plan/clip-cut.js'
import { chooseMode, type ChosenMode } from '../plan/clip-mode.js'
import { copyRecipe, encodeRecipe, smartRecipe, type Recipe } from '../plan/clip-recipe.js'
import type { ClipSource, RecipeRequest } from '../plan/clip-request.js'
import { chooseSound } from '../plan/clip-sound.js'
import { spanOfClip, type ClipSpan } from '../plan/clip-span.js'
import { containers, hides } from '../plan/containers.js'
import { edgeEncoder } from '../plan/encoder-settings.js'
import { asShown, compileFilters, type CompiledFilters, type GraphSource } from '../plan/filter-graph.js'
import { orientationOf } from '../source/display.js'
import { endPicturesAt } from '../source/mp4-shown-time.js'
import { clipWarnings } from './clip-warnings.js'
import type { MakerContext } from './maker-context.js'
import { ioError, mustBeThere, type ClipFiles } from './export-files.js'
import { runRecipe, type EncodedFrames } from './recipe-run.js'
import { checkSeams } from './seam-check.js'
import { SmartDoubt } from './smart-doubt.js'

export interface TryOptions {
  readonly files: ClipFiles
  readonly signal: AbortSignal
  /** Told of each task when a worker takes it and when that has ended. */
  readonly onRunning: (isRunning: boolean) => void
  /** 0 to 1. */
  readonly onFraction: (fraction: number) => void
  /** Not the way that would be chosen, but all encoded; why. */
  readonly encodeBecause: string | null
  /** Told the way that was chosen, before any work. */
  readonly onMode: (mode: ChosenMode['mode']) => void
}

type TaskOptions = Pick<TryOptions, 'signal' | 'onRunning'>

export interface MadeClip {
  readonly mode: ChosenMode['mode']
  readonly reason: string
  /** Seconds on the source's timeline. */
  readonly start: number
  readonly end: number
  readonly frames: number
  readonly encodedFrames: number
  readonly warnings: readonly string[]
}

/** @throws VideoError; SmartDoubt; the signal's reason */
export async function makeClip(context: MakerContext, clip: ResolvedClip, options: TryOptions): Promise<MadeClip> {
  const { engine, source } = context
  const span = spanOfClip(source.index, clip.start, clip.end)
  if (span === null) throw noFrames(source, clip)
  const filters = await filtersFor(context, clip, span, options.signal)
  assertSize(engine.maxPixels, clip, filters)
  const request: RecipeRequest = {
    source,
    clip,
    span,
    filters,
    encoderThreads: context.encoderThreads,
    hardware: context.hwaccel === 'none' ? '' : context.hwaccel,
    maxPixels: engine.maxPixels,
    output: options.files.temporary,
    spool: (name) => options.files.spool(name),
  }
  const chosen: ChosenMode =
    options.encodeBecause === null
      ? chooseMode(clip, source.stream, source.index, span, filters.video !== null || filters.pace !== 1)
      : { mode: 'encode', reason: options.encodeBecause }
  options.onMode(chosen.mode)
  const recipe = await recipeFor(context, request, chosen.mode, options)
  const encoded = await runRecipe(engine, recipe, options)
  if (recipe.endsAt !== null) await endAt(options.files.temporary, recipe.endsAt)
  if (chosen.mode === 'smart') {
    const keepsDecodeTimes = containers[clip.container].hasEditList
    await checkSeams(engine, source, recipe, { ...options, keepsDecodeTimes, expectsLikeness: clip.edges.crf === null })
  }
  return describe(context, recipe, chosen, encoded, clipWarnings(context, clip, span, recipe, encoded))
}

/** @throws VideoError ERR_TOO_LARGE */
function assertSize(maxPixels: number, { number }: ResolvedClip, { width, height }: CompiledFilters): void {
  if (width * height <= maxPixels) return
  throw new VideoError('ERR_TOO_LARGE', `Cannot export clip ${number} at ${width}x${height}: that is more than maxPixels ${maxPixels}`)
}

/** @throws VideoError ERR_IO */
async function endAt(path: string, seconds: number): Promise<void> {
  try {
    await endPicturesAt(path, seconds)
  } catch (cause) {
    throw ioError('end the pictures of', path, cause)
  }
}

async function recipeFor(context: MakerContext, request: RecipeRequest, mode: ChosenMode['mode'], options: TaskOptions): Promise<Recipe> {
  const { source, clip, span } = request
  if (mode === 'encode') return encodeRecipe(request)
  if (mode === 'smart') return smart(context, request, options)
  return copyRecipe(request, hides(clip.container, source.stream.codec) ? copyHidden(source.index, span) : copyShown(source.index, span))
}

/** Key packets looked at before a clip is held to have none to begin copying at. */
const mostCandidates = 4

async function smart({ engine, source }: MakerContext, request: RecipeRequest, { signal, onRunning }: TaskOptions): Promise<Recipe> {
  const { index, stream, task } = source
  const keys = candidates(index, request.span, mostCandidates)
  const points = keys.flatMap((key) => index.keyPoint(key) ?? [])
  if (points.length === 0) throw new SmartDoubt('there is no key frame inside it')
  const { kinds, setIds } = await engine.scheduler.once(
    { kind: 'inspect', source: task, streamIndex: stream.index, keys: points },
    { signal, onRunning, untilEnded: true },
  )
  const at = kinds.findIndex((kind) => kind !== RandomAccess.none)
  const start = keys[at]
  if (start === undefined) throw new SmartDoubt('its key frames are no true random-access points')
  const cut = smartCut(index, request.span, start)
  if (cut === null) throw new SmartDoubt('no picture after its key frame can be copied')
  const edges = edgeEncoder(stream, request.clip.edges, setIds)
  if (typeof edges === 'string') throw new SmartDoubt(edges)
  return smartRecipe(request, cut, edges, kinds[at] === RandomAccess.open)
}

async function filtersFor(
  { engine, source }: MakerContext,
  clip: ResolvedClip,
  span: ClipSpan,
  signal: AbortSignal,
): Promise<CompiledFilters> {
  const { stream, facts, index } = source
  for (const path of [clip.transform?.overlay?.image, clip.transform?.text?.font]) if (path !== undefined) await mustBeThere(path)
  const other = clip.transform?.stack === undefined ? null : await engine.sources.openVideo(clip.transform.stack.source, null, { signal })
  const graph: GraphSource = {
    width: stream.width,
    height: stream.height,
    sampleAspectRatio: stream.sampleAspectRatio,
    orientation: orientationOf(stream.displayMatrix),
    seconds: index.timeline.duration(span.end - span.origin),
    sampleRate: chooseSound(facts.streams)?.sampleRate ?? 0,
    pixelFormat: clip.video.pixelFormat ?? stream.pixelFormat,
    stacked:
      other === null
        ? undefined
        : {
            orientation: orientationOf(other.stream.displayMatrix),
            startSeconds: (other.facts.startMicros ?? 0) / 1e6,
            url: other.location.task.url,
          },
  }
  const compiled = compileFilters(clip.transform ?? {}, graph)
  return clip.filter === null ? compiled : { ...compiled, video: asShown(clip.filter, graph), isPerFrame: false }
}

function describe(
  { source: { index } }: MakerContext,
  { span, shown }: Recipe,
  { mode, reason }: ChosenMode,
  encoded: EncodedFrames,
  warnings: readonly string[],
): MadeClip {
  const copied = shown.reduce((sum, { first, last, isCopied }) => sum + (isCopied ? last - first : 0), 0)
  const { timeline } = index
  return {
    mode,
    reason,
    start: timeline.seconds(span.origin),
    end: timeline.seconds(span.end),
    frames: copied + encoded.frames,
    encodedFrames: encoded.frames,
    warnings,
  }
}

function noFrames({ task, index }: ClipSource, { start, end }: ResolvedClip): VideoError {
  const until = Number.isFinite(end) ? `${end} s` : 'its end'
  return new VideoError(
    'ERR_DECODE',
    `Cannot export from "${task.name}": it has no frame from ${start} s to ${until} (it ends at ${index.end.toFixed(3)} s)`,
    {
      path: task.name,
    },
  )
}
