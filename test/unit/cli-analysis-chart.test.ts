// The chart of an analysis. librsvg, which refuses what is no XML, judges that it can be drawn.
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { analysisChart } from '../../src/cli/analysis-chart.js'
import type { AnalysisPicture } from '../../src/cli/analysis-picture.js'
import { makeAnalysis, makePictures, makeSound } from '../fixtures/made-analysis.mjs'

const empty: AnalysisPicture = {
  source: 'a.mp4',
  start: 0,
  end: 10,
  duration: 10,
  series: { frameRate: null, pictures: null, sound: null, gaps: [] },
  scenes: [],
  highlights: [],
  silences: [],
  thumbnails: [],
}
const still = makePictures({ count: 1, framesPerSecond: 25, motion: () => 0 })
const quiet = makeSound({ seconds: 10, loudness: () => -Infinity })

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)
}

describe('the chart', () => {
  it('names its axes, its signs, its scenes and its highlights in text', () => {
    const texts = textsOf(analysisChart(makeAnalysis()))
    expect(texts).toEqual(expect.arrayContaining(['match.mp4', 'time', 'motion, of the width', 'loudness, LUFS', '2 %', '−20', '2:30']))
    expect(texts).toEqual(expect.arrayContaining(['cut', 'fade', 'dissolve', 'highlight with its rank', 'silence', 'momentary loudness']))
    expect(texts).toEqual(expect.arrayContaining(['5:00, 22 scenes, 5 highlights, 3 silences', 'scenes', 'highlights', 'silences']))
    expect(texts.filter((text) => text === '1')).toHaveLength(2) // the first scene, and the best highlight
  })

  it('is the picture in the documents', () => {
    const documented = readFileSync(new URL('../../docs/images/analysis.svg', import.meta.url), 'utf8')
    expect(analysisChart(makeAnalysis()), 'run node scripts/draw-analysis.mjs').toBe(documented)
  })

  it('holds nothing that runs or comes from elsewhere', () => {
    const svg = analysisChart(makeAnalysis())
    expect(svg).not.toMatch(/<script|<image|<style|<foreignObject|href|url\(|\son\w+=/i)
    expect(svg.match(/https?:\/\/[^"]+/g)).toEqual(['http://www.w3.org/2000/svg'])
  })

  it('reaches the highest value: the line of one loud moment among a million touches its place on the scale', () => {
    const sound = makeSound({ seconds: 3600, loudness: (_, index) => (index === 123_456 ? -20 : -60) })
    const svg = analysisChart({ ...empty, end: 3600, duration: 3600, series: { ...empty.series, sound } })
    const line = /<path d="([^"]+)" fill="none" stroke="#0b8f74"/.exec(svg)?.[1] ?? ''
    const heights = [...line.matchAll(/ (-?[\d.]+)/g)].map(([, y]) => Number(y))
    const markAtMinus20 = Number(/y="([\d.]+)"[^>]*>−20</.exec(svg)?.[1])
    expect(Math.min(...heights)).toBeCloseTo(markAtMinus20 - 4, 0) // a label stands 4 units lower than its line
    expect(svg.length).toBeLessThan(150_000)
  })

  it('takes nothing in a name for markup', async () => {
    const source = '/videos/<script>alert("1")</script> & \'b\' \u0001.mp4'
    const gap = { kind: 'video' as const, start: 1, end: 2, reason: '<b>' }
    const svg = analysisChart({ ...empty, source, series: { ...empty.series, pictures: still, gaps: [gap] } })
    expect(svg).not.toContain('<script')
    expect(textsOf(svg)).toContain('script&gt; &amp; &#39;b&#39; ?.mp4')
    await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ width: 1200, height: 466 })
  })

  it.each<[string, Partial<AnalysisPicture>, string[]]>([
    ['everything', makeAnalysis(), []],
    ['nothing', {}, ['no pictures', 'no sound']],
    ['no length at all', { end: 0, duration: 0 }, ['no pictures', 'no sound']],
    ['one frame without sound', { end: 0.04, duration: 0.04, series: { ...empty.series, pictures: still } }, ['no sound']],
    ['sound without pictures, all of it silent', { series: { ...empty.series, sound: quiet } }, ['no pictures']],
    ['no measurement yet', { series: { ...empty.series, pictures: { ...still, count: 0 }, sound: { ...quiet, count: 0 } } }, []],
  ])('can be drawn with %s', async (_, given, notes) => {
    const svg = analysisChart({ ...empty, ...given })
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(textsOf(svg).filter((text) => text.startsWith('no '))).toEqual(notes)
    await expect(sharp(Buffer.from(svg)).png().toBuffer()).resolves.toBeInstanceOf(Buffer)
  })
})
