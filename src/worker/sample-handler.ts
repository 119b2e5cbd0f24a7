// Owns the sample task: runs its segments, waits for slots, and decides when a segment must be decoded again.
//
// A segment is first decoded the cheap way. Any sign of trouble there (an error, a target that did not come) means that only
// a plain decode can tell what is on screen, so the segment's remaining targets are decoded again, plainly; and from ever
// earlier places when even that does not give a target.
import { Fact, factCount, Outcome, type NativeSampler } from '../native/binding.js'
import type { FinishedSlot, WorkerLane } from '../pool/lane.js'
import type { KeyPoint, MissingFrame, SampleEnd, SampleTask, Segment, SlotMemory } from '../tasks.js'
import { decodingOf, type SamplerReaders } from './decoder-run.js'

export function runSample(task: SampleTask, lane: WorkerLane, slots: SlotMemory, readers: SamplerReaders): SampleEnd {
  const onHit = (hit: boolean): void => lane.count(hit ? 'readerHits' : 'readerOpens')
  return readers.with(decodingOf(task), onHit, (sampler) => {
    sampler.configure(task.output)
    const run = new SampleRun(sampler, lane, slots)
    for (const segment of task.segments) {
      const end = run.timed(segment)
      if (end !== null) return end
    }
    return run.end('done')
  })
}

/** Targets still to come, with the plan's frame numbers. */
interface Remaining {
  targets: number[]
  frames: number[]
}

class SampleRun {
  readonly #sampler: NativeSampler
  readonly #lane: WorkerLane
  readonly #slots: SlotMemory
  readonly #missing: MissingFrame[] = []
  readonly #segmentMs: number[] = []
  readonly #facts = new Float64Array(factCount)
  /** A slot taken and not used, for the next target. */
  #slot: number | null = null

  constructor(sampler: NativeSampler, lane: WorkerLane, slots: SlotMemory) {
    this.#sampler = sampler
    this.#lane = lane
    this.#slots = slots
  }

  end(status: SampleEnd['status'], neededBytes = 0): SampleEnd {
    return { kind: 'sample', status, neededBytes, missing: this.#missing, segmentMs: this.#segmentMs }
  }

  /** null when every target was delivered or reported missing. */
  timed(segment: Segment): SampleEnd | null {
    const startedAt = performance.now()
    const end = this.#segment(segment)
    this.#segmentMs.push(performance.now() - startedAt)
    return end
  }

  #segment(segment: Segment): SampleEnd | null {
    const remaining: Remaining = { targets: [...segment.targets], frames: [...segment.frames] }
    const starts = [segment.start, ...segment.fallbacks]
    const attempts = segment.plain ? starts : [segment.start, ...starts]
    for (const [attempt, start] of attempts.entries()) {
      const plain = segment.plain || attempt > 0
      if (attempt > 0) this.#lane.count('redone')
      const end = this.#decode(segment, start, plain, remaining)
      if (end !== null || remaining.targets.length === 0) return end
    }
    const reason = this.#sampler.lastError() || 'the stream has no frame for it'
    for (const frame of remaining.frames) this.#missing.push({ frame, reason })
    return null
  }

  /** Decodes once from `start`; what was delivered leaves `remaining`. */
  #decode(segment: Segment, start: KeyPoint | null, plain: boolean, remaining: Remaining): SampleEnd | null {
    const { frames } = remaining
    const absent: Remaining = { targets: [], frames: [] }
    this.#sampler.begin({
      startPts: start?.pts ?? NaN,
      startDts: start?.dts ?? NaN,
      fromStreamStart: start === null,
      nearDts: segment.nearDts,
      skipUnreferenced: segment.skipUnreferenced,
      plain,
      showPrevious: segment.showPrevious,
      byOrdinal: segment.byOrdinal,
      targets: Float64Array.from(remaining.targets),
      until: NaN,
    })
    for (let done = 0; ;) {
      const slot = done === frames.length ? null : this.#takeSlot()
      if (slot === null && done < frames.length) return this.#endEarly()
      const outcome = this.#sampler.next(slot === null ? null : this.#pixels(slot, frames[done]), this.#facts)
      const frame = frames[done]
      if (outcome === Outcome.done || frame === undefined) break
      if (outcome === Outcome.trouble) {
        remaining.targets = remaining.targets.slice(done)
        remaining.frames = frames.slice(done)
        return null
      }
      if (outcome === Outcome.tooSmall) return this.end('tooSmall', this.#fact('bytes'))
      if (outcome === Outcome.missing) {
        absent.targets.push(remaining.targets[done] ?? NaN)
        absent.frames.push(frame)
      } else if (slot !== null) {
        this.#slot = null
        this.#lane.finish(this.#finished(slot, frame))
      }
      done++
    }
    remaining.targets = absent.targets
    remaining.frames = absent.frames
    return null
  }

  #takeSlot(): number | null {
    return (this.#slot ??= this.#lane.takeSlot())
  }

  #endEarly(): SampleEnd {
    if (this.#lane.isCancelled) throw Object.assign(new Error('cancelled'), { code: 'CANCELLED' })
    return this.end('yielded')
  }

  #pixels(slot: number, frame: number | undefined): Uint8Array {
    const { buffer, slotBytes, rows } = this.#slots
    const place = rows?.[frame ?? -1] ?? slot
    return new Uint8Array(buffer, place * slotBytes, slotBytes)
  }

  #fact(name: keyof typeof Fact): number {
    return this.#facts[Fact[name]] ?? NaN
  }

  #finished(slot: number, frame: number): FinishedSlot {
    return {
      slot,
      frame,
      pts: this.#fact('pts'),
      isDamaged: this.#fact('isDamaged') === 1,
      width: this.#fact('width'),
      height: this.#fact('height'),
      format: this.#fact('format'),
      byteLength: this.#fact('bytes'),
      finishedAt: performance.timeOrigin + performance.now(),
    }
  }
}
