// Owns one run of `framemill sample`: engine, outputs, progress, and what is said at the end.
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { Engine } from '../index.js'
import type { SampleReport } from '../index.js'
import { deliver } from './deliver.js'
import { ExitCode, Misuse } from './failure.js'
import { ImagesOutput } from './output-images.js'
import { JsonOutput } from './output-json.js'
import { ListOutput } from './output-list.js'
import { RawFileOutput, RawStdoutOutput } from './output-raw.js'
import { SheetOutput } from './output-sheet.js'
import { SpriteOutput } from './output-sprite.js'
import type { Output, SampledFrame } from './output.js'
import { progressText, showProgress, silent } from './progress.js'
import type { ProgressDisplay } from './progress.js'
import type { SampleRequest } from './sample-flags.js'
import type { Session } from './session.js'
import { makeFolder, mustBeWritable } from './staged-file.js'
import type { Stdout } from './stdout.js'
import { closingLine, headerLine, lostLine, missingLine } from './summary-text.js'
import type { FrameShape } from './summary-text.js'

const phaseNames = { index: 'indexing', sample: 'sampling' } as const

/** Rejects when the job failed as a whole; missing frames are told and give exit code 1. Leaves no unfinished file either way. */
export async function runSample(source: string, request: SampleRequest, session: Session): Promise<ExitCode> {
  const outputs = await openOutputs(request, session.stdout)
  try {
    const { report, shape } = await sampleInto(source, request, outputs, session)
    const written: string[] = []
    for (const output of outputs) {
      const line = await output.finish(report)
      if (line !== undefined) written.push(line)
    }
    if (!request.quiet) session.stderr.write([headerLine(report, shape), ...written, closingLine(report), ''].join('\n'))
    return tellFailures(report, session.stderr)
  } catch (error) {
    await Promise.all(outputs.map((output) => output.discard()))
    throw error
  }
}

async function sampleInto(
  source: string,
  request: SampleRequest,
  outputs: readonly Output[],
  { stop, stderr }: Session,
): Promise<{ report: SampleReport; shape: FrameShape | undefined }> {
  // A bar and a list on one screen would write over each other.
  const stdoutOnScreen = process.stdout.isTTY && request.lines !== undefined
  const progress: ProgressDisplay = request.quiet || stdoutOnScreen ? silent : showProgress(stderr, progressText)
  const ending: { report?: SampleReport; shape?: FrameShape } = {}
  const keptAtMost = (frame: SampledFrame): number => {
    ending.shape ??= { width: frame.width, height: frame.height, pixelFormat: frame.pixelFormat }
    return encodersAtOnce(frame, request.engine.memoryLimit)
  }
  try {
    await using engine = new Engine(request.engine)
    const frames = engine.sample(source, {
      ...request.sample,
      signal: stop.signal,
      onProgress: ({ phase, done, total, sourceSeconds }) =>
        progress.update({ name: phaseNames[phase], done, total, sourceSeconds: phase === 'sample' ? sourceSeconds : null }),
      onReport: (report) => {
        ending.report = report
      },
    })
    await deliver(frames, outputs, keptAtMost)
  } finally {
    progress.stop()
  }
  stop.signal.throwIfAborted()
  if (ending.report === undefined) throw new Error('sampling ended without a report')
  return { report: ending.report, shape: ending.shape }
}

async function openOutputs({ images, sheet, sprite, raw, lines, md5, sample }: SampleRequest, stdout: Stdout): Promise<Output[]> {
  if (raw === '-' && process.stdout.isTTY) throw new Misuse('--raw - would fill the terminal with pixels: send it to a pipe or a file')
  // The sheet is written last: better to learn now than then that it cannot be.
  if (sheet !== undefined) {
    await makeFolder(dirname(sheet.path))
    await mustBeWritable(sheet.path)
  }
  const outputs: Output[] = []
  if (images !== undefined) outputs.push(new ImagesOutput(images.folder, images))
  if (sheet !== undefined) outputs.push(new SheetOutput(sheet.path, sheet, sheet.widestTile))
  if (sprite !== undefined) outputs.push(new SpriteOutput(sprite.folder, { ...sprite, end: sample.end }))
  if (raw !== undefined) outputs.push(raw === '-' ? new RawStdoutOutput(stdout) : new RawFileOutput(raw))
  if (lines === 'json') outputs.push(new JsonOutput(stdout, { md5 }))
  if (lines === 'list') outputs.push(new ListOutput(stdout, { md5 }))
  return outputs
}

/** Frames that may be kept while they are encoded: as many as cores can work on, within half of the memory they come from. */
function encodersAtOnce(frame: SampledFrame, memoryLimit: number | undefined): number {
  const most = Math.min(4, availableParallelism())
  return memoryLimit === undefined ? most : Math.max(1, Math.min(most, Math.floor(memoryLimit / 2 / frame.data.byteLength)))
}

function tellFailures(report: SampleReport, stderr: NodeJS.WritableStream): ExitCode {
  const none = report.frames === 0 && report.missing.length === 0 ? 'no frame lies in the part asked for' : undefined
  const failures = [missingLine(report), lostLine(report), none].filter((line) => line !== undefined)
  for (const failure of failures) stderr.write(`framemill: ${failure}\n`)
  return failures.length === 0 ? ExitCode.done : ExitCode.failed
}
