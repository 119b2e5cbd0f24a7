// Clips of real videos at random ranges, in every mode, judged by ffmpeg and ffprobe alone; vitest.config.ts leaves this file out without a
// folder FRAMEMILL_CORPUS. FRAMEMILL_CORPUS_RANGES: how many ranges of each video (1); FRAMEMILL_CORPUS_SEED: other ones.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type ClipReport } from '../../dist/index.js'
import { probeClip } from '../oracle/clip-facts.js'
import {
  copiedPackets,
  copyableSpan,
  expectedFrames,
  judgeClip,
  judgeSound,
  notKeyFrames,
  withHeldFrame,
  type ClipDemands,
  type ExpectedClip,
} from '../oracle/export-oracle.js'
import { everydayClips, randomRanges, type Range } from './export-ranges.js'

const corpus = everydayClips(process.env['FRAMEMILL_CORPUS'] ?? '')
const rangeCount = Number(process.env['FRAMEMILL_CORPUS_RANGES'] ?? 1)
const seed = Number(process.env['FRAMEMILL_CORPUS_SEED'] ?? 20240229)
const modes = ['smart', 'encode', 'copy'] as const
type Mode = (typeof modes)[number]

/** Decibels: what a default encode of any of these reaches, and the frames at the edges of a smart cut. */
const leastEncoded = 28
const leastEdge = 40
/** Seconds: a clip that begins in the middle of a frame begins where it was asked to, to the tick. */
const heldWithin = 0.001
/** Of a few ranges, decoding what is around them takes less than decoding the whole video. */
const decode = rangeCount > 4 ? undefined : 'part'
const timeoutMs = 60_000 + 60_000 * rangeCount

const folder = mkdtempSync(join(tmpdir(), 'export-corpus-'))
const seen = Object.fromEntries(
  modes.map((mode) => [mode, { clips: 0, asAsked: 0, corruptSeams: 0, frames: 0, encodedFrames: 0, leastPsnr: Infinity }]),
)
let engine: Engine

beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
  console.table(seen)
})

/** MP4, but for what it cannot hold without encoding. */
function containerFor(path: string, mode: Mode): 'mp4' | 'webm' {
  return path.endsWith('.webm') && mode !== 'encode' ? 'webm' : 'mp4'
}

/** What is wrong with one exported clip; counts what it was. */
async function faultsOf(path: string, range: Range, mode: Mode, clip: ClipReport): Promise<string[]> {
  if (clip.status !== 'done' || clip.output === null) return [`${clip.status}: ${clip.error?.code ?? ''} ${clip.error?.message ?? ''}`]
  const asked = await expectedFrames(path, range.start, range.end, decode)
  // Without an edit list a copy begins and ends at key frames; the report says at which.
  // Decoders of AV1 show what an edit list hides, so that a copy of it is cut in the same way.
  const isCutAtKeys = clip.mode === 'copy' && (containerFor(path, mode) !== 'mp4' || asked.facts.codec === 'av1')
  const holdsFirst = clip.start < (asked.frames[0]?.seconds ?? Infinity) && Math.abs(clip.start - range.start) < heldWithin
  const expected = isCutAtKeys ? await expectedFrames(path, clip.start, clip.end, decode) : holdsFirst ? withHeldFrame(asked) : asked
  const { demands, mostEncoded } = await demandsOn(clip, expected)
  const judged = await judgeClip(clip.output, expected, demands)
  const sound = await judgeSound(clip.output, expected)
  const faults = [...judged.faults, ...sound.faults, ...reportFaults(clip, expected, asked, mostEncoded)]
  if (clip.mode !== 'encode') {
    const { encoded } = await copiedPackets(clip.output, path)
    if (encoded > clip.encodedFrames) faults.push(`${encoded} packets are not the source's, ${clip.encodedFrames} are said to be encoded`)
  }
  const counts = seen[mode]
  if (counts !== undefined) {
    counts.clips += 1
    counts.asAsked += clip.mode === mode ? 1 : 0
    counts.corruptSeams += judged.hasCorruptSeam ? 1 : 0
    counts.frames += clip.frames
    counts.encodedFrames += clip.encodedFrames
    counts.leastPsnr = Math.min(counts.leastPsnr, judged.leastPsnr)
  }
  return faults
}

async function demandsOn(clip: ClipReport, expected: ExpectedClip): Promise<{ demands: ClipDemands; mostEncoded: number }> {
  const count = expected.frames.length
  if (clip.mode === 'copy') return { demands: { exact: 'all', leastPsnr: Infinity }, mostEncoded: 0 }
  if (clip.mode === 'encode') return { demands: { exact: 'none', leastPsnr: leastEncoded }, mostEncoded: count }
  const span = copyableSpan(expected, await notKeyFrames(expected))
  return { demands: { exact: span, leastPsnr: leastEdge }, mostEncoded: count - (span.to - span.from) }
}

/** What the report says of the clip against what is in it. */
function reportFaults(clip: ClipReport, expected: ExpectedClip, asked: ExpectedClip, mostEncoded: number): string[] {
  const { frames } = expected
  const off = Math.abs(clip.start - (frames[0]?.seconds ?? NaN))
  // Where no frame starts in the range, the one on screen is shown from the range's own start on.
  const [first, askedFirst] = [frames[0]?.seconds ?? NaN, asked.frames[0]?.seconds ?? asked.start]
  return [
    ...(clip.frames === frames.length ? [] : [`the report tells ${clip.frames} frames instead of ${frames.length}`]),
    ...(clip.encodedFrames <= mostEncoded ? [] : [`${clip.encodedFrames} frames are encoded, at most ${mostEncoded} need to be`]),
    ...(off < 1.5e-3 ? [] : [`the report says that it begins at ${clip.start} s, and its first frame is that of ${frames[0]?.seconds} s`]),
    ...(first <= askedFirst + 1e-9 ? [] : [`it begins at ${first} s, later than the ${askedFirst} s that were asked for`]),
  ]
}

describe.each(corpus)('exportClips of $name', ({ name, path }) => {
  it.each(modes)(
    'makes clips with the right frames and sound in mode %s',
    async (mode) => {
      const facts = await probeClip(path)
      expect(facts).toBeDefined()
      if (facts === undefined) return
      const ranges = randomRanges(facts, rangeCount, seed + corpus.findIndex((clip) => clip.path === path))
      const outDir = mkdtempSync(join(folder, `${mode}-`))
      const clips = ranges.map((range, number) => ({ ...range, name: `clip-${number}` }))
      const report = await engine.exportClips(path, clips, { outDir, mode, container: containerFor(path, mode) })
      expect(report.clips).toHaveLength(ranges.length)
      const faults: string[] = []
      for (const [number, range] of ranges.entries()) {
        const clip = report.clips[number]
        const found = clip === undefined ? ['it has no report'] : await faultsOf(path, range, mode, clip)
        faults.push(...found.map((fault) => `${name} ${range.start} to ${range.end} s, ${clip?.mode} (${clip?.reason}): ${fault}`))
      }
      rmSync(outDir, { recursive: true })
      expect(faults).toEqual([])
    },
    timeoutMs,
  )
})

describe('all clips together', () => {
  it('have no corrupt seam, and smart ones are not just encoded', () => {
    expect(modes.map((mode) => seen[mode]?.corruptSeams)).toEqual([0, 0, 0])
    expect(seen['smart']?.asAsked).toBeGreaterThan(0)
    expect(seen['copy']?.asAsked).toBe(seen['copy']?.clips)
  })
})
