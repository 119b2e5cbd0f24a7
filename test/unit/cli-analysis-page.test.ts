// The page of an analysis as text: what it says, and that nothing in the input becomes markup. test/browser looks at it in a browser.
import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { analysisPage, pageData } from '../../dist/cli/analysis-page.js'
import type { AnalysisPicture } from '../../src/cli/analysis-picture.js'
import { makeAnalysis, makePictures, makeSound } from '../fixtures/made-analysis.mjs'

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)
const made = makeAnalysis()
const thumbnails = [250, 50, 150].map((timestamp) => ({ timestamp, width: 320, height: 180, jpeg }))
const page = analysisPage({ ...made, thumbnails })

function blocksOf(html: string): { style: string; data: string; script: string } {
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? []
  const [, data = ''] = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(html) ?? []
  const [, script = ''] = /<script type="module">([\s\S]*?)<\/script>/.exec(html) ?? []
  return { style, data, script }
}

describe('the page', () => {
  it('lists highlights by rank, with score, components and reason, and every scene and silence', () => {
    const [, highlights = ''] = /<ol class="best">([\s\S]*?)<\/ol>/.exec(page) ?? []
    expect([...highlights.matchAll(/title="Rank (\d)"/g)].map(([, rank]) => rank)).toEqual(['1', '2', '3', '4', '5'])
    expect(highlights).toContain('The loudest 12 s, with strong motion and four onsets a second')
    expect(highlights).toContain('<dt>scene change</dt>')
    expect(highlights).toContain('score 0.94')
    expect(page.match(/<ol class="sheet">[\s\S]*?<\/ol>/)?.[0].match(/<li /g)).toHaveLength(22)
    expect(page.match(/<ol class="ranges">[\s\S]*?<\/ol>/)?.[0].match(/<li /g)).toHaveLength(3)
    expect(page).toContain('data-copy="214"')
    expect(page).toContain('0:03:34.000')
  })

  it('gives its script everything in the order of time, thumbnails as data URLs', () => {
    const data = JSON.parse(blocksOf(page).data)
    expect(data).toEqual(JSON.parse(JSON.stringify(pageData({ ...made, thumbnails }))))
    expect(data.thumbnails.map(({ timestamp }: { timestamp: number }) => timestamp)).toEqual([50, 150, 250])
    expect(data.thumbnails[0].url).toBe(`data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`)
    expect(data.highlights.map(({ rank }: { rank: number }) => rank)).toEqual([5, 2, 3, 1, 4])
    expect(data.keyStep).toBeCloseTo(1 / 30, 9)
  })

  it('has a script that parses, in which no module imports or exports', () => {
    const { script } = blocksOf(page)
    expect(() => new Script(script)).not.toThrow()
    expect(script).not.toMatch(/^\s*(import|export)\b/m)
    expect(script).toContain('class Timeline')
  })

  it('allows itself no request, and no script or style but its own', () => {
    const { style, script } = blocksOf(page)
    const sha = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const policy = /content="(default-src[^"]+)"/.exec(page)?.[1] ?? ''
    expect(policy.split('; ')).toEqual([
      ...["default-src 'none'", "base-uri 'none'", "form-action 'none'", 'img-src data:'],
      `style-src ${sha(style)}`,
      `script-src ${sha(script)}`,
    ])
    expect(page.replaceAll(/data:image[^"]*/g, '')).not.toMatch(
      /https?:|\/\/[a-z]+\.|@import|url\(|<(link|script)[^>]+(href|src)="(?!data:,")/,
    )
  })

  it('takes nothing in names, reasons and components for markup', () => {
    const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)> "\' {{data}} $& \u2028'
    const [first] = made.highlights
    const html = analysisPage({
      ...made,
      source: `/videos/${hostile}.mp4`,
      highlights: first === undefined ? [] : [{ ...first, reason: hostile, components: { [hostile]: 1 } }],
      series: { ...made.series, gaps: [{ kind: 'video', start: 1, end: 2, reason: hostile }] },
    })
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(html.match(/<\/script>/g)).toHaveLength(2)
    expect(html).not.toContain('<img src=x')
    expect(html).toContain(
      '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt; &quot;&#39; {{data}} $&amp;',
    )
    expect(JSON.parse(blocksOf(html).data)).toMatchObject({ gaps: [{ kind: 'video', start: 1, end: 2 }] })
  })

  it('does not tell what a URL asks for behind the question mark', () => {
    const html = analysisPage({ ...made, source: 'https://example.com/videos/a.mp4?token=secret' })
    expect(html).toContain('<h1>a.mp4</h1>')
    expect(html).not.toContain('secret')
  })

  it('stays small for three hours at 30 frames a second with 3000 scenes, and keeps the one moment that stands out', () => {
    const seconds = 10_800
    const peak = 123_457
    const pictures = makePictures({ count: seconds * 30, framesPerSecond: 30, motion: (_, index) => (index === peak ? 0.4321 : 0.01) })
    const sound = makeSound({ seconds, loudness: (_, index) => (index === peak ? -1.25 : -30) })
    const scenes = Array.from({ length: 3000 }, (_, index) => {
      const [start, end] = [(index * seconds) / 3000, ((index + 1) * seconds) / 3000]
      return { start, end, startFrame: start * 30, endFrame: end * 30, kind: 'cut' as const, transition: null }
    })
    const long: AnalysisPicture = {
      ...made,
      end: seconds,
      duration: seconds,
      scenes,
      series: { ...made.series, pictures, sound },
      thumbnails,
    }
    const { motion, loudness } = pageData(long)
    expect(motion?.time.length).toBeLessThanOrEqual(3000)
    expect(Math.max(...(motion?.high ?? []).map((value) => value ?? 0))).toBe(0.4321)
    expect(Math.max(...(loudness?.high ?? []).map((value) => value ?? -99))).toBe(-1.25)
    expect(analysisPage(long).length).toBeLessThan(3_000_000)
  })
})

describe('the page of a source that lacks something', () => {
  const still = makePictures({ count: 1, framesPerSecond: 25, motion: () => 0 })
  const nothing = { ...made, scenes: [], highlights: [], silences: [], beats: [], thumbnails: [] }
  const laneNames = (html: string): string[] => [...html.matchAll(/data-lane="(\w+)"/g)].map(([, name = '']) => name)

  it('says that there is no sound', () => {
    const html = analysisPage({ ...made, silences: [], series: { ...made.series, sound: null } })
    expect(html).toContain('no sound')
    expect(JSON.parse(blocksOf(html).data).loudness).toBeNull()
  })

  it('says that there are no pictures', () => {
    const html = analysisPage({ ...nothing, series: { ...made.series, frameRate: null, pictures: null } })
    expect(html).toContain('no pictures')
    expect(laneNames(html)).toEqual(['ruler', 'scenes', 'motion', 'loudness'])
    expect(JSON.parse(blocksOf(html).data)).toMatchObject({ motion: null, keyStep: 0.1 })
  })

  it('has room for one frame, and for no length at all', () => {
    const one = { ...nothing, end: 0.04, duration: 0.04, series: { ...made.series, pictures: still, sound: null } }
    expect(JSON.parse(blocksOf(analysisPage(one)).data)).toMatchObject({ start: 0, end: 0.04, motion: { high: [null] } })
    const data = pageData({ ...one, end: 0, duration: 0 })
    expect(data.end).toBeGreaterThan(data.start)
  })

  it('names the parts that could not be analysed', () => {
    const html = analysisPage({ ...nothing, series: { ...made.series, gaps: [{ kind: 'audio', start: 2, end: 3.5, reason: 'damaged' }] } })
    expect(html).toContain('No audio from 0:00:02.000 to 0:00:03.500: damaged')
  })
})
