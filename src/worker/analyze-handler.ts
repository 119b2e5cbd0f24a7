// Owns the tasks that measure pictures: frames of a stream, and what changed between pictures of different tasks.
import type { NativeAnalyzer, NativeBinding, NativeDecoding } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { AnalyzedPictures, AnalyzePicturesTask, MeasureChangesTask } from '../tasks.js'
import { decodeTargets, decodingOf } from './decoder-run.js'
import type { Readers } from './readers.js'

type AnalyzerOptions = NativeDecoding & Pick<AnalyzePicturesTask, 'draft' | 'edges' | 'output'>
export type AnalyzerReaders = Readers<AnalyzerOptions, NativeAnalyzer>

export function runAnalyzePictures(
  task: AnalyzePicturesTask,
  lane: WorkerLane,
  binding: NativeBinding,
  readers: AnalyzerReaders,
): AnalyzedPictures {
  const { runs, draft, edges, output } = task
  const row = binding.analysisRow()
  const total = runs.reduce((sum, { targets }) => sum + targets.length, 0)
  const numbers = new Float32Array(total * row.numbers).fill(NaN)
  const marks = new Uint8Array(total * row.markBytes)
  const onHit = (hit: boolean): void => lane.count(hit ? 'readerHits' : 'readerOpens')
  return readers.with({ ...decodingOf(task), draft, edges, output }, onHit, (analyzer) => {
    analyzer.startOver()
    let behind = 0
    let missing = 0
    for (const run of runs) {
      const door = {
        begin: analyzer.begin.bind(analyzer),
        progress: analyzer.progress.bind(analyzer),
        step: (frames: number, done: number): number => {
          const from = behind + done
          // One row where none is left: the door then says that the run is over.
          const to = Math.max(from + 1, Math.min(from + frames, behind + run.targets.length))
          const rows = from < total ? numbers.subarray(from * row.numbers, to * row.numbers) : new Float32Array(row.numbers)
          return analyzer.step(
            rows,
            from < total ? marks.subarray(from * row.markBytes, to * row.markBytes) : new Uint8Array(row.markBytes),
          )
        },
      }
      missing += decodeTargets(door, run, lane, (done) => {
        lane.progress = (behind + done) / total
      })
      behind += run.targets.length
    }
    const reason = missing === 0 ? '' : analyzer.lastError() || 'the stream has no frame for it'
    return { kind: 'analyze-pictures', numbers, marks, ...analyzer.ends(), missing, reason }
  })
}

export function runMeasureChanges(
  { pairs, width, height, edges }: MeasureChangesTask,
  binding: NativeBinding,
): { readonly kind: 'measure-changes'; readonly numbers: Float32Array<ArrayBuffer> } {
  const row = binding.analysisRow()
  const numbers = new Float32Array(pairs.length * row.numbers)
  for (const [i, { before, now }] of pairs.entries()) {
    binding.measureChange({ width, height, edges }, before, now, numbers.subarray(i * row.numbers, (i + 1) * row.numbers))
  }
  return { kind: 'measure-changes', numbers }
}
