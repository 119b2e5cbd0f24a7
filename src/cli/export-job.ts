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
  await mustHoldReport(request.report)
  return concludeExport(await withEngine(request, session, work), request, session)
}

/** Rejects when the report could not be written: better to learn now than at the end. */
export async function mustHoldReport(path: string | undefined): Promise<void> {
  if (path === undefined) return
  await makeFolder(dirname(path))
  await mustBeWritable(path)
}

async function withEngine(
  request: ExportRequest,
  session: Session,
  work: (engine: Engine, run: RunOptions) => Promise<ExportReport>,
): Promise<ExportReport> {
  await using engine = new Engine(request.engine)
  return await watchExport(request, session, (run) => work(engine, run))
}

/** Shows how far the work is while it goes on. */
export async function watchExport(
  { settings, quiet }: Pick<ExportRequest, 'settings' | 'quiet'>,
  { stop, stderr }: Session,
  work: (run: RunOptions) => Promise<ExportReport>,
): Promise<ExportReport> {
  const progress = quiet ? silent : showProgress<ShownExport>(stderr, exportProgressText)
  const onProgress = (told: ExportProgress): void => progress.update({ ...told, name: 'exporting', done: told.fraction, total: 1 })
  try {
    return await work({ ...settings, signal: stop.signal, onProgress })
  } finally {
    progress.stop()
  }
}
