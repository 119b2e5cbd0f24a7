// Owns the files that `analyze` makes besides thumbnails: what goes into which, and that each is whole or not there.
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { scenesToChapters, scenesToCsv, scenesToEdl, scenesToOtio } from '../index.js'
import type { Analysis, Scene } from '../index.js'
import { analysisChart } from './analysis-chart.js'
import { analysisPage } from './analysis-page.js'
import type { AnalysisPicture, Thumbnail } from './analysis-picture.js'
import type { AnalysisFiles } from './analyze-flags.js'
import type { Answers } from './answers.js'
import { seriesCsv } from './series-csv.js'
import { makeFolder, mustBeWritable, writeWhole } from './staged-file.js'

/** Rejects when one of them could not be put there: better to learn now than after the work. */
export async function mustAllBeWritable({ csv, html, chart, sceneList, edl, otio, chapters }: AnalysisFiles): Promise<void> {
  for (const path of [csv, html, chart, sceneList, edl, otio, chapters?.path]) {
    if (path === undefined) continue
    await makeFolder(dirname(path))
    await mustBeWritable(path)
  }
}

export interface FileContents {
  readonly analysis: Analysis
  readonly answers: Answers
  readonly thumbnails: readonly Thumbnail[]
  /** Whether the source has sound, measured or not. */
  readonly hasSound: boolean
}

/** Gives a line for each file. Without scenes there are no lists of them. */
export async function writeAnalysisFiles(contents: FileContents, files: AnalysisFiles): Promise<string[]> {
  const { analysis, answers } = contents
  const texts: (readonly [path: string | undefined, text: () => string | Buffer])[] = [
    // Of many hours, more than one string can hold.
    [files.csv, () => Buffer.concat(Array.from(seriesCsv(analysis), (piece) => Buffer.from(piece)))],
    [files.html, () => analysisPage(pictureOf(contents))],
    [files.chart, () => analysisChart(pictureOf(contents))],
    ...(answers.scenes ? sceneLists(answers.scenes, contents, files) : []),
  ]
  const written: string[] = []
  for (const [path, text] of texts) {
    if (path === undefined) continue
    const content = text()
    await writeWhole(path, typeof content === 'string' ? Buffer.from(content) : content)
    written.push(`wrote ${path}`)
  }
  return written
}

function sceneLists(
  scenes: readonly Scene[],
  { analysis: { source, duration, frameRate }, hasSound }: FileContents,
  { sceneList, edl, otio, chapters }: AnalysisFiles,
): (readonly [path: string | undefined, text: () => string])[] {
  const info = { source, frameRate }
  return [
    [sceneList, () => scenesToCsv(scenes)],
    [edl, () => scenesToEdl(scenes, info)],
    [otio, () => scenesToOtio(scenes, { ...info, duration, mediaUrl: mediaUrl(source), hasSound })],
    [chapters?.path, () => scenesToChapters(scenes, chapters?.format)],
  ]
}

function pictureOf({ analysis, answers, thumbnails }: FileContents): AnalysisPicture {
  const { source, start, end, duration } = analysis
  const { scenes, highlights, silences, beats } = answers
  return {
    ...{ source, start, end, duration, series: analysis, thumbnails },
    scenes: scenes ?? [],
    highlights: highlights ?? [],
    silences: silences ?? [],
    ...(beats && { beats: beats.beats }),
  }
}

/** Programs that read a timeline do not start where this one did. */
function mediaUrl(source: string): string {
  return /^(https?|file):/i.test(source) ? source : pathToFileURL(resolve(source)).href
}
