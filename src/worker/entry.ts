// The worker thread's entry: one task in, one result out, synchronously. A failure is a value, since an error loses its
// class and code on the way between threads.
import { loadBinding, type NativeBinding } from '../native/binding.js'
import { WorkerLane } from '../pool/lane.js'
import type { TaskEnvelope, TaskFailure, TaskResult, TaskValue } from '../tasks.js'
import { runAnalyzePictures, runMeasureChanges, type AnalyzerReaders } from './analyze-handler.js'
import { runAnalyzeSound } from './analyze-sound-handler.js'
import { runCompare } from './compare-handler.js'
import type { SamplerReaders } from './decoder-run.js'
import { runEncodePictures, runEncodeSound } from './encode-handler.js'
import { Readers } from './readers.js'
import { runSample } from './sample-handler.js'
import { runSurvey } from './survey-handler.js'
import { runWriteFile } from './write-handler.js'

let readers: { readonly samplers: SamplerReaders; readonly analyzers: AnalyzerReaders } | undefined

/** Runs one task under its lane. Never throws. */
export default function runTask(envelope: TaskEnvelope): TaskResult {
  const lane = new WorkerLane(envelope.lane)
  let binding: NativeBinding | undefined
  try {
    binding = loadBinding()
    binding.useLane(lane.words)
    return { ok: true, value: perform(binding, envelope, lane) }
  } catch (error) {
    return { ok: false, error: failure(error) }
  } finally {
    binding?.useLane(null)
  }
}

function perform(binding: NativeBinding, { task, slots }: TaskEnvelope, lane: WorkerLane): TaskValue {
  readers ??= {
    samplers: new Readers((options) => new binding.Sampler(options)),
    analyzers: new Readers((options) => new binding.Analyzer(options)),
  }
  switch (task.kind) {
    case 'probe':
      return { kind: 'probe', facts: binding.probe(task.source) }
    case 'scan':
      return { kind: 'scan', packets: binding.scanPackets({ ...task.source, streamIndex: task.streamIndex }) }
    case 'survey':
      return runSurvey(task, lane, readers.samplers)
    case 'sample':
      if (slots === null) throw new TypeError('Expected slots for a sample task')
      return runSample(task, lane, slots, readers.samplers)
    case 'analyze-pictures':
      return runAnalyzePictures(task, lane, binding, readers.analyzers)
    case 'measure-changes':
      return runMeasureChanges(task, binding)
    case 'encode-pictures':
      return runEncodePictures(task, lane, binding)
    case 'encode-sound':
      return runEncodeSound(task, lane, binding)
    case 'analyze-sound':
      return runAnalyzeSound(task, lane, binding)
    case 'encode-subtitles':
      binding.transcodeSubtitles({ ...task.source, ...task.subtitles })
      return { kind: 'encode-subtitles' }
    case 'write-file':
      return runWriteFile(task, lane, binding)
    case 'inspect':
      return { kind: 'inspect', ...binding.randomAccess({ ...task.source, streamIndex: task.streamIndex, keys: task.keys }) }
    case 'compare':
      return runCompare(task, binding)
  }
}

function failure(error: unknown): TaskFailure {
  if (!(error instanceof Error)) return { code: 'ERR_WORKER', message: String(error), call: '', avError: 0 }
  const [code, call, avError] = ['code', 'call', 'avError'].map((name): unknown => Reflect.get(error, name))
  return {
    code: isFailureCode(code) ? code : 'ERR_WORKER',
    message: error.message,
    call: typeof call === 'string' ? call : '',
    avError: typeof avError === 'number' ? avError : 0,
  }
}

function isFailureCode(code: unknown): code is TaskFailure['code'] {
  return typeof code === 'string' && (code === 'CANCELLED' || code.startsWith('ERR_'))
}
