// Owns one run of `framemill highlights`: looking, choosing, exporting, and what is said of it.
import { extname } from 'node:path'
import { Engine } from '../index.js'
import type { Analysis, Clip, ExportReport, Highlight } from '../index.js'
import { analysisJson } from './analysis-json.js'
import { analysisHeader, answerLines, gapLines } from './analysis-text.js'
import { measure } from './analyze-job.js'
import { answersOf, checkAsked, missingAnswers } from './answers.js'
import type { Answers } from './answers.js'
import { concludeExport } from './export-conclusion.js'
import { mustHoldReport, watchExport } from './export-job.js'
import { ExitCode } from './failure.js'
import type { HighlightRequest } from './highlight-flags.js'
import type { Session } from './session.js'
import { makeFolder } from './staged-file.js'
import { sourceName } from './summary-text.js'

/** Rejects when nothing could be analysed, or no export begun; a clip that failed and gaps are told and give exit code 1. */
export async function runHighlights(source: string, request: HighlightRequest, session: Session): Promise<ExitCode> {
  const { run, highlights, outDir } = request
  checkAsked({ highlights })
  await mustHoldReport(run.report)
  const began = performance.now()
  await using engine = new Engine(run.engine)
  if (outDir !== undefined) {
    await checkExport(engine, source, request, outDir)
    await makeFolder(outDir)
  }
  const analysis = await measure(engine, source, { options: request.measure, quiet: run.quiet }, session)
  const answers = answersOf(analysis, { highlights })
  const failures = [...missingAnswers(answers), ...gapLines(analysis.gaps)]
  if (!run.quiet) session.stderr.write(`${analysisHeader(analysis, (performance.now() - began) / 1000)}\n`)
  for (const failure of failures) session.stderr.write(`framemill: ${failure}\n`)
  if (!run.json)
    await session.stdout.bytes(
      Buffer.from(
        answerLines(answers)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    )

  const clips = clipsOf(source, answers.highlights ?? [])
  const report = outDir === undefined || clips.length === 0 ? undefined : await exported(engine, source, clips, request, outDir, session)
  const code = report === undefined ? ExitCode.done : await concludeExport(report, { ...run, json: false }, session)
  if (run.json) await printJson(analysis, answers, report, session)
  return code === ExitCode.done && failures.length > 0 ? ExitCode.failed : code
}

/** In the order of their ranks. */
function clipsOf(source: string, highlights: readonly Highlight[]): Clip[] {
  const name = sourceName(source)
  const stem = name.slice(0, name.length - extname(name).length)
  const digits = String(highlights.length).length
  return highlights.map(({ rank, start, end }) => ({ start, end, name: `${stem}-highlight-${String(rank).padStart(digits, '0')}` }))
}

async function exported(
  engine: Engine,
  source: string,
  clips: readonly Clip[],
  { run, clipsAtOnce }: HighlightRequest,
  outDir: string,
  session: Session,
): Promise<ExportReport> {
  return watchExport(run, session, (options) => engine.exportClips(source, clips, { ...options, outDir, clipsAtOnce }))
}

/**
 * Learns before the work whether the settings of the clips can be meant: the engine judges them before it looks at its signal.
 * @throws TypeError, RangeError naming the option
 */
async function checkExport(engine: Engine, source: string, { run, clipsAtOnce }: HighlightRequest, outDir: string): Promise<void> {
  const settled = new Error('The settings can be meant')
  const [clip] = clipsOf(source, [{ rank: 1, start: 0, end: 1, score: 0, components: noComponents, reason: '' }])
  try {
    await engine.exportClips(source, clip === undefined ? [] : [clip], {
      ...run.settings,
      outDir,
      clipsAtOnce,
      signal: AbortSignal.abort(settled),
    })
  } catch (error) {
    if (error !== settled) throw error
  }
}

const noComponents = { loudness: 0, onsets: 0, scenes: 0, motion: 0, silence: 0 }

/** After an interruption nothing waits for the reader. */
async function printJson(analysis: Analysis, answers: Answers, report: ExportReport | undefined, { stdout, stop }: Session): Promise<void> {
  const { source, duration, gaps } = analysis
  const text = [...analysisJson({ source, duration, gaps, ...answers, export: report })].join('')
  if (stop.signal.aborted) void stdout.line(text.trimEnd())?.catch(() => undefined)
  else await stdout.bytes(Buffer.from(text))
}
