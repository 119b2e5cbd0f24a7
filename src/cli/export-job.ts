// Owns one run of `framemill export` or `transcode`: the engine and its progress.
import { dirname } from 'node:path'
import { Engine } from '../index.js'
import type { ExportProgress, ExportReport, TranscodeOptions } from '../index.js'
import { concludeExport } from './export-conclusion.js'
import type { ExportRequest } from './export-flags.js'
import { exportProgressText } from './export-progress.js'
import type { ShownExport } from './export-progress.js'
import type { ExitCode } from './failure.js'
import { showProgress, silent } from './progress.js'
import type { Session } from './session.js'
import { makeFolder, mustBeWritable } from './staged-file.js'

/** What every run hands to the engine: the settings, how to stop it, whom it tells how far it is. */
export type RunOptions = ExportRequest['settings'] & Required<Pick<TranscodeOptions, 'signal' | 'onProgress'>>

/**
 * Rejects when nothing could be begun, or the report not be written; failed clips are told and give exit code 1. After an interruption the
 * report is told and written all the same.
 */
export async function runExport(
  request: ExportRequest,
  session: Session,
  work: (engine: Engine, run: RunOptions) => Promise<ExportReport>,
): Promise<ExitCode> {
  const { report: reportFile } = request
  // Better to learn now than at the end that the report cannot be written.
  if (reportFile !== undefined) {
    await makeFolder(dirname(reportFile))
    await mustBeWritable(reportFile)
  }
  return concludeExport(await watched(request, session, work), request, session)
}

async function watched(
  { engine: options, settings, quiet }: ExportRequest,
  { stop, stderr }: Session,
  work: (engine: Engine, run: RunOptions) => Promise<ExportReport>,
): Promise<ExportReport> {
  const progress = quiet ? silent : showProgress<ShownExport>(stderr, exportProgressText)
  const onProgress = (told: ExportProgress): void => progress.update({ ...told, name: 'exporting', done: told.fraction, total: 1 })
  try {
    await using engine = new Engine(options)
    return await work(engine, { ...settings, signal: stop.signal, onProgress })
  } finally {
    progress.stop()
  }
}
