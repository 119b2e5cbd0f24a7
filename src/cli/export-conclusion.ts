// Owns the end of `framemill export` and `transcode`: what is said, the report as JSON, the exit code.
import type { ExportReport } from '../index.js'
import type { ExportRequest } from './export-flags.js'
import { clipLines, exportClosingLine, failureLines } from './export-text.js'
import { ExitCode, Interrupted, ReaderGone } from './failure.js'
import { writeWhole } from './staged-file.js'
import type { Stdout } from './stdout.js'

export interface Listeners {
  readonly stop: { readonly signal: AbortSignal }
  readonly stdout: Stdout
  readonly stderr: { write(text: string): unknown }
}

/** Rejects when the report could not be written; whatever else can be told has been told by then. */
export async function concludeExport(
  report: ExportReport,
  { report: file, json, quiet }: Pick<ExportRequest, 'report' | 'json' | 'quiet'>,
  { stop, stdout, stderr }: Listeners,
): Promise<ExitCode> {
  const lines = quiet ? failureLines(report) : [...clipLines(report), ...failureLines(report), exportClosingLine(report)]
  stderr.write(lines.map((line) => `${line}\n`).join(''))
  try {
    if (file !== undefined) await writeWhole(file, Buffer.from(`${JSON.stringify(report, null, 2)}\n`))
  } finally {
    if (json) await tellJson(report, stdout, stop.signal)
  }
  const reason: unknown = stop.signal.reason
  if (reason instanceof Interrupted) {
    stderr.write(`framemill: ${reason.message} (${reason.code})\n`)
    return ExitCode.interrupted
  }
  return report.totals.failed > 0 ? ExitCode.failed : ExitCode.done
}

/** After an interruption nothing waits for the reader; one that has gone away does not change how the run ended. */
async function tellJson(report: ExportReport, stdout: Stdout, stopped: AbortSignal): Promise<void> {
  const text = JSON.stringify(report)
  try {
    if (stopped.aborted) void stdout.line(text)?.catch(() => undefined)
    else await stdout.bytes(Buffer.from(`${text}\n`))
  } catch (error) {
    if (!(stopped.reason instanceof ReaderGone)) throw error
  }
}
