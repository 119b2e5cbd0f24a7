// Owns one run of `framemill analyze`: engine, measurements, answers, and where they go.
import { Engine } from '../index.js'
import type { Analysis, AnalyzeOptions, AnalyzeProgress, SceneReport } from '../index.js'
import { mustAllBeWritable, writeAnalysisFiles } from './analysis-files.js'
import { analysisJson } from './analysis-json.js'
import { analysisProgressText, shownAnalysis } from './analysis-progress.js'
import { analysisHeader, answerLines, gapLines } from './analysis-text.js'
import type { AnalyzeRequest } from './analyze-flags.js'
import { answersOf, checkAsked, missingAnswers } from './answers.js'
import type { Answers } from './answers.js'
import { ExitCode } from './failure.js'
import { searchNotes, searchOf, searchScenes, unmeasured } from './fast-scenes.js'
import type { SceneSearch } from './fast-scenes.js'
import { pageThumbnails } from './page-thumbnails.js'
import { showProgress, silent } from './progress.js'
import { writeThumbnails } from './scene-thumbnails.js'
import { seriesCsv } from './series-csv.js'
import type { Session } from './session.js'
import { makeFolder } from './staged-file.js'

/**
 * Rejects when nothing could be analysed, or an output not be written. What this source cannot give, and what of it could not be decoded,
 * is told and gives exit code 1. No unfinished file is left either way.
 */
export async function runAnalyze(source: string, request: AnalyzeRequest, session: Session): Promise<ExitCode> {
  checkAsked(request.asked)
  await mustAllBeWritable(request.files)
  if (request.thumbnails !== undefined) await makeFolder(request.thumbnails.folder)
  const { stop, stderr } = session
  const began = performance.now()
  await using engine = new Engine(request.engine)
  const { measure: options, asked, quiet } = request
  const analysis =
    options === null ? await unmeasured(engine, source, stop.signal) : await measure(engine, source, { options, quiet }, session)
  const found = asked.fastScenes === undefined ? undefined : await findFast(engine, source, request, session)
  const seconds = (performance.now() - began) / 1000
  const answers = answersOf(analysis, asked, found?.scenes)
  const search = found ? searchOf(found) : undefined
  const { lines: written, failures } = await writeOutputs(engine, source, { analysis, answers }, request, stop.signal)
  await print({ analysis, answers, search }, request, session)
  stop.signal.throwIfAborted()
  if (!quiet) stderr.write([analysisHeader(analysis, seconds, search), ...(search ? searchNotes(search) : []), ...written, ''].join('\n'))
  const told = [...missingAnswers(answers), ...gapLines(analysis.gaps), ...failures]
  for (const failure of told) stderr.write(`framemill: ${failure}\n`)
  return told.length === 0 ? ExitCode.done : ExitCode.failed
}

export interface Analysed {
  readonly analysis: Analysis
  readonly answers: Answers
  readonly search?: SceneSearch | undefined
}

/** Measures, and shows how far it is. */
export async function measure(
  engine: Engine,
  source: string,
  { options, quiet }: { readonly options: AnalyzeOptions; readonly quiet: boolean },
  session: Session,
): Promise<Analysis> {
  return watched(quiet, session, (run) => engine.analyze(source, { ...options, ...run }))
}

/** The scenes by little more than their packets; null where there are no pictures but other answers. */
async function findFast(
  engine: Engine,
  source: string,
  { asked, part, quiet }: AnalyzeRequest,
  session: Session,
): Promise<SceneReport | null> {
  const options = { ...asked.scenes, ...part, strategy: 'fast' as const, verify: asked.fastScenes?.verify }
  return watched(quiet, session, (run) => searchScenes(engine, source, { ...options, ...run }))
}

/** Shows how far the work is while it goes on. */
async function watched<Found>(
  quiet: boolean,
  { stop, stderr }: Session,
  work: (run: { readonly signal: AbortSignal; readonly onProgress: (told: AnalyzeProgress) => void }) => Promise<Found>,
): Promise<Found> {
  const progress = quiet ? silent : showProgress(stderr, analysisProgressText)
  try {
    return await work({ signal: stop.signal, onProgress: (told) => progress.update(shownAnalysis(told)) })
  } finally {
    progress.stop()
  }
}

/** Gives a line for each file, and what could not be had for them. */
async function writeOutputs(
  engine: Engine,
  source: string,
  { analysis, answers }: Analysed,
  { files, thumbnails, part: { stream } }: AnalyzeRequest,
  signal: AbortSignal,
): Promise<{ lines: string[]; failures: string[] }> {
  const lines: string[] = []
  const failures: string[] = []
  if (thumbnails !== undefined && answers.scenes) {
    const missing = await writeThumbnails(engine, source, answers.scenes, { ...thumbnails, stream, signal })
    if (missing !== undefined) failures.push(`thumbnails: ${missing}`)
    lines.push(`wrote thumbnails to ${thumbnails.folder}`)
  }
  const contents = {
    analysis,
    answers,
    thumbnails: files.html === undefined ? [] : await pageThumbnails(engine, source, analysis, { stream, signal }),
    hasSound: files.otio !== undefined && (await engine.probe(source, { signal })).streams.some(({ type }) => type === 'audio'),
  }
  signal.throwIfAborted()
  return { lines: [...lines, ...(await writeAnalysisFiles(contents, files))], failures }
}

async function print({ analysis, answers, search }: Analysed, { print: form, asked }: AnalyzeRequest, { stdout }: Session): Promise<void> {
  if (form === 'text') {
    const lines = answerLines(answers)
    if (lines.length > 0) await stdout.bytes(Buffer.from(`${lines.join('\n')}\n`))
    return
  }
  const { source, duration, gaps } = analysis
  const pieces =
    form === 'csv'
      ? seriesCsv(analysis)
      : analysisJson({ source, duration, gaps, ...answers, search, series: asked.series ? analysis : undefined })
  for (const piece of pieces) await stdout.bytes(Buffer.from(piece))
}
