// What a clip's tasks are planned from, made up: settings as a user gives them, over a stream and an index of the test's own.
import type { NativeSourceFacts, NativeStreamFacts } from '../../src/native/binding.ts'
import { resolveExport, type ResolvedClip } from '../../src/options/export.ts'
import type { Clip } from '../../src/options/export-types.ts'
import type { RecipeRequest } from '../../src/plan/clip-request.ts'
import { spanOfClip, type ClipSpan } from '../../src/plan/clip-span.ts'
import type { CompiledFilters } from '../../src/plan/filter-graph.ts'
import type { PacketIndex } from '../../src/source/packet-index.ts'
import { streamFacts } from './stream-facts.ts'

export function clipOf(settings: Partial<Clip> = {}): ResolvedClip {
  const [clip] = resolveExport([{ start: 0, ...settings }], { outDir: 'out' }).clips
  if (clip === undefined) throw new Error('one clip was given')
  return clip
}

/** 48 kHz stereo AAC but for what is given. */
export function soundFacts(given: Partial<NativeStreamFacts> = {}): NativeStreamFacts {
  return streamFacts({ index: 1, type: 'audio', codec: 'aac', channels: 2, sampleRate: 48_000, ...given })
}

interface Made {
  readonly clip?: Partial<Clip>
  readonly stream?: Partial<NativeStreamFacts>
  readonly others?: readonly NativeStreamFacts[]
  readonly filters?: Partial<CompiledFilters>
  readonly facts?: Partial<NativeSourceFacts>
}

export function requestFor(index: PacketIndex, made: Made = {}): RecipeRequest {
  const clip = clipOf(made.clip)
  const stream = streamFacts(made.stream)
  const facts: NativeSourceFacts = {
    container: 'mov',
    containerLongName: '',
    startMicros: 0,
    durationMicros: null,
    bitRate: 0,
    tags: {},
    streams: [stream, ...(made.others ?? [])],
    chapters: [],
    ...made.facts,
  }
  const { width, height, sampleAspectRatio } = stream
  const task = { name: '/clip.mp4', url: 'file:/clip.mp4', protocols: 'file', allowPlaylists: false, identity: 'clip' }
  return {
    source: { task, facts, stream, index },
    clip,
    span: spanFor(index, clip),
    filters: { video: null, audio: null, width, height, sampleAspectRatio, isPerFrame: true, pace: 1, ...made.filters },
    encoderThreads: 1,
    maxPixels: 1e9,
    output: 'out/clip.tmp',
    spool: (name) => `spool-${name}`,
  }
}

function spanFor(index: PacketIndex, { start, end }: ResolvedClip): ClipSpan {
  const span = spanOfClip(index, start, end)
  if (span === null) throw new Error('the clip has frames')
  return span
}
