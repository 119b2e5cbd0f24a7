// Owns the check of a smart cut once it is written: every frame there, times ascending, and what a decoder shows across each seam.
import { PacketIndex } from '../source/packet-index.js'
import { Timeline } from '../source/timeline.js'
import type { NativeStreamFacts } from '../native/binding.js'
import { decoderRun, type Recipe, type ShownFrames } from '../plan/clip-recipe.js'
import type { ClipSource } from '../plan/clip-request.js'
import type { TaskSource } from '../tasks.js'
import type { EngineCore } from './engine-core.js'
import { SmartDoubt } from './smart-doubt.js'

/** Frames of a copied part that are compared beside a seam. */
const besideSeam = 8
/** In dB. */
const leastLikeness = 40
/** Below this a frame is no picture of the other, however coarsely it was encoded. */
const leastOfAll = 20

interface CheckOptions {
  readonly files: { readonly temporary: string }
  readonly signal: AbortSignal
  /** Told of each task when a worker takes it and when that has ended. */
  readonly onRunning: (isRunning: boolean) => void
  /** Matroska and WebM keep no decode times; libavformat makes some up when it reads. */
  readonly keepsDecodeTimes: boolean
  /** Edges must be as like as asked of smart cuts: the user chose no quality. */
  readonly expectsLikeness: boolean
}

/** @throws SmartDoubt naming what is wrong */
export async function checkSeams(engine: EngineCore, source: ClipSource, recipe: Recipe, options: CheckOptions): Promise<void> {
  const written = await openWritten(engine, options)
  const frames = recipe.span.last - recipe.span.first
  if (written.index.frameCount !== frames) throw new SmartDoubt(`${written.index.frameCount} frames were written instead of ${frames}`)
  checkTimes(source, recipe, written.index)
  for (const window of windowsOf(recipe)) await compare(engine, source, recipe, written, window, options)
}

async function openWritten(engine: EngineCore, { files, signal, onRunning, keepsDecodeTimes }: CheckOptions): Promise<ClipSource> {
  const name = files.temporary
  const task: TaskSource = { url: `file:${name}`, protocols: 'file', allowPlaylists: false, identity: name, name }
  const { facts } = await engine.scheduler.once({ kind: 'probe', source: task }, { signal, onRunning, untilEnded: true, isUrgent: true })
  const stream = facts.streams.find(({ type }) => type === 'video')
  if (stream === undefined) throw new SmartDoubt('the file has no pictures')
  const { packets } = await engine.scheduler.once(
    { kind: 'scan', source: task, streamIndex: stream.index },
    { signal, onRunning, untilEnded: true, isUrgent: true },
  )
  for (let packet = 1; keepsDecodeTimes && packet < packets.dts.length; packet++) {
    if (!((packets.dts[packet] ?? NaN) > (packets.dts[packet - 1] ?? NaN))) throw new SmartDoubt('decode times do not ascend')
  }
  return { task, facts, stream, index: new PacketIndex(new Timeline(stream.timeBase, 0), packets, null) }
}

/** Frames keep their distances, to the tick of the coarser of both time bases. */
function checkTimes({ stream, index }: ClipSource, { span }: Recipe, written: PacketIndex): void {
  const tick = Math.max(secondsOfTick(stream), written.timeline.duration(1))
  const zero = written.timestamp(0)
  for (let frame = span.first; frame < span.last; frame++) {
    const expected = index.timeline.duration(Math.max(0, (index.frames[frame] ?? NaN) - span.origin))
    if (!(Math.abs(written.timestamp(frame - span.first) - zero - expected) <= tick))
      throw new SmartDoubt('a frame is shown at another time than in the source')
  }
}

function secondsOfTick({ timeBase }: NativeStreamFacts): number {
  return timeBase.num / timeBase.den
}

/** Encoded parts whole, with some copied frames on the other side of their seams. */
function windowsOf({ shown }: Recipe): { readonly first: number; readonly last: number; readonly parts: readonly ShownFrames[] }[] {
  return shown
    .filter(({ isCopied }) => !isCopied)
    .map(({ first, last }) => {
      const before = shown.find((part) => part.isCopied && part.last === first)
      const after = shown.find((part) => part.isCopied && part.first === last)
      return {
        first: before === undefined ? first : Math.max(before.first, first - besideSeam),
        last: after === undefined ? last : Math.min(after.last, last + besideSeam),
        parts: shown,
      }
    })
}

async function compare(
  engine: EngineCore,
  source: ClipSource,
  { span }: Recipe,
  written: ClipSource,
  { first, last, parts }: ReturnType<typeof windowsOf>[number],
  { signal, onRunning, expectsLikeness }: CheckOptions,
): Promise<void> {
  const { psnr } = await engine.scheduler.once(
    {
      kind: 'compare',
      source: source.task,
      streamIndex: source.stream.index,
      maxPixels: engine.maxPixels,
      run: decoderRun(source, first, last),
      other: {
        source: written.task,
        streamIndex: written.stream.index,
        run: decoderRun(written, first - span.first, last - span.first),
      },
    },
    { signal, onRunning, untilEnded: true, isUrgent: true },
  )
  for (const [i, decibels] of psnr.entries()) {
    const frame = first + i
    const isCopied = parts.some((part) => part.isCopied && frame >= part.first && frame < part.last)
    const place = `frame ${frame - span.first}`
    if (Number.isNaN(decibels)) throw new SmartDoubt(`${place} is missing, or of another size or format than the source's`)
    if (isCopied && decibels !== Infinity) throw new SmartDoubt(`${place} was copied and decodes to another picture`)
    if (!(decibels >= (expectsLikeness ? leastLikeness : leastOfAll))) {
      throw new SmartDoubt(`${place} is like the source's by ${decibels.toFixed(1)} dB only`)
    }
  }
}
