// The page of an analysis in a real browser, opened from a file. vitest.config.ts leaves this file out where no Chromium is on the path.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { analysisPage } from '../../dist/cli/analysis-page.js'
import type { AnalysisPicture, Thumbnail } from '../../src/cli/analysis-picture.js'
import { makeAnalysis, makePictures } from '../fixtures/made-analysis.mjs'
import { Browser, browserOnPath, type Page } from './chromium.js'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const folder = mkdtempSync(join(tmpdir(), 'framemill-page-'))
const made = makeAnalysis()
const wide = { width: 1280, height: 900 }
vi.setConfig({ testTimeout: 20_000 }) // what the page never comes to say is waited for in vain
let browser: Browser
let url: string

/** One every ten seconds, ever lighter; the second, at 15 s, is red. */
async function makeThumbnails(): Promise<Thumbnail[]> {
  const colors = Array.from({ length: 30 }, (_, index) =>
    index === 1 ? { r: 220, g: 0, b: 0 } : { r: index * 8, g: index * 8, b: index * 8 },
  )
  return Promise.all(
    colors.map(async (background, index) => {
      const jpeg = await sharp({ create: { width: 160, height: 90, channels: 3, background } })
        .jpeg()
        .toBuffer()
      return { timestamp: index * 10 + 5, width: 160, height: 90, jpeg }
    }),
  )
}

function written(name: string, input: AnalysisPicture): string {
  const path = join(folder, name)
  writeFileSync(path, analysisPage(input))
  return pathToFileURL(path).href
}

beforeAll(async () => {
  url = written('a "match" & <more>.html', { ...made, source: 'a "match" & <b>more', thumbnails: await makeThumbnails() })
  browser = new Browser(browserOnPath() ?? '')
  // A page opened from a file has no origin that could be named.
  await browser.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] })
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openedAt(size: { width: number; height: number; isDark?: boolean }, address: string = url): Promise<Page> {
  const page = await browser.open(size)
  await page.goto(address)
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))')
  await painted(page)
  return page
}

/** Two frames of the screen: what was asked to be drawn is drawn. */
async function painted(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

async function textOf(page: Page, id: string): Promise<string> {
  return String(await page.evaluate(`document.getElementById('${id}').textContent`))
}

async function boxOf(page: Page, selector: string): Promise<Box> {
  const script = `(() => { const { x, y, width, height } = document.querySelector('${selector}').getBoundingClientRect(); return { x, y, width, height } })()`
  const { x, y, width, height } = Object(await page.evaluate(script))
  return { x, y, width, height }
}

/** Red, green and blue on the timeline's canvas. */
async function colorAt(page: Page, x: number, y: number): Promise<number[]> {
  const canvas = await boxOf(page, '#canvas')
  const at = `${Math.round(x - canvas.x)}, ${Math.round(y - canvas.y)}, 1, 1`
  return Array.from(Object(await page.evaluate(`[...document.getElementById('canvas').getContext('2d').getImageData(${at}).data]`))).map(
    Number,
  )
}

/** Where a time lies on the screen, before any zoom, so far down in a lane. */
async function placeOf(page: Page, seconds: number, lane: string, share = 0.5): Promise<{ x: number; y: number }> {
  const canvas = await boxOf(page, '#canvas')
  const { y, height } = await boxOf(page, `[data-lane="${lane}"]`)
  return { x: canvas.x + (seconds / 300) * canvas.width, y: y + height * share }
}

describe('the page of an analysis', () => {
  it('asks for nothing beyond itself and complains about nothing, whatever the name of the source', async () => {
    const page = await openedAt(wide)
    const { x, y } = await placeOf(page, 100, 'motion')
    await page.click(x, y)
    await page.until("document.getElementById('note').textContent !== ''")
    expect(page.complaints).toEqual([])
    expect(page.requests.filter((request) => !request.startsWith('data:'))).toEqual([url])
    expect(await page.evaluate('document.title')).toBe('a "match" & <b>more – analysis')
    expect(await page.evaluate("document.querySelectorAll('h1 *').length")).toBe(0)
  })

  it('shows time, values and the nearest thumbnail wherever the pointer is', async () => {
    const page = await openedAt(wide)
    const { x, y } = await placeOf(page, 99.75, 'loudness')
    await page.move(x, y)
    await page.until("document.getElementById('now').textContent.startsWith('0:01:39')")
    expect(await textOf(page, 'at-scene')).toBe('9 of 22, fade, 22.0 s')
    expect(await textOf(page, 'at-motion')).toMatch(/^\d+\.\d\d( to \d+\.\d\d)? %$/)
    expect(await textOf(page, 'at-loudness')).toBe('below −60 LUFS, silence')
    expect(await textOf(page, 'at-highlight')).toBe('–')
    expect(await page.evaluate("document.getElementById('picture').alt")).toBe('Picture at 0:01:35.000')
    const inBest = await placeOf(page, 220.5, 'film')
    await page.move(inBest.x, inBest.y)
    await page.until("document.getElementById('now').textContent.startsWith('0:03:40')")
    expect(await textOf(page, 'at-highlight')).toBe('number 1, score 0.94')
    const slider = await page.evaluate("document.getElementById('canvas').getAttribute('aria-valuetext')")
    expect(slider).toMatch(/^0:03:40\.\d{3}, scene 17 of 22, cut, 8\.0 s, motion .+ %, loudness .+ LUFS, highlight number 1, score 0\.94$/)
  })

  it('takes a pointer near the beginning of a scene for that beginning, to the millisecond', async () => {
    const page = await openedAt(wide)
    const { x, y } = await placeOf(page, 120, 'scenes')
    await page.move(x + 3, y)
    await page.until("document.getElementById('now').textContent === '0:02:00.000'")
  })

  it('copies the time that is clicked, and says so', async () => {
    const page = await openedAt(wide)
    const { x, y } = await placeOf(page, 61, 'motion')
    await page.click(x, y)
    await page.until("document.getElementById('note').classList.contains('shown')")
    expect(await textOf(page, 'note')).toBe('Copied 0:01:01.000')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('0:01:01.000')
  })

  it('copies from the lists too, and where the browser gives pages no clipboard', async () => {
    const page = await openedAt(wide)
    await page.evaluate(
      "Object.assign(globalThis, { clipboard: navigator.clipboard }); Object.defineProperty(navigator, 'clipboard', { value: undefined })",
    )
    await page.evaluate("document.querySelector('.best [data-copy]').click()")
    await page.until("document.getElementById('note').classList.contains('shown')")
    expect(await textOf(page, 'note')).toBe('Copied 0:03:34.000')
    expect(await page.evaluate('clipboard.readText()')).toBe('0:03:34.000')
    expect(page.complaints).toEqual([])
  })

  it('is worked by keys alone', async () => {
    const page = await openedAt(wide)
    for (let tries = 0; tries < 10; tries++) {
      await page.press('Tab')
      if ((await page.evaluate('document.activeElement.id')) === 'canvas') break
    }
    await page.press('Home')
    expect(await textOf(page, 'now')).toBe('0:00:00.000')
    await page.press('PageUp')
    await page.press('PageUp')
    expect(await textOf(page, 'now')).toBe('0:00:27.000')
    await page.press('ArrowRight')
    expect(await textOf(page, 'now')).toBe('0:00:27.033')
    await page.press('PageDown')
    await page.press('PageDown')
    expect(await textOf(page, 'now')).toBe('0:00:14.000')
    await page.press('End')
    expect(await textOf(page, 'now')).toBe('0:05:00.000')
    await page.press('Enter', '\r')
    await page.until("document.getElementById('note').textContent === 'Copied 0:05:00.000'")
  })

  it('zooms about the current time, scrolls to what keys go to, and shows all again', async () => {
    const page = await openedAt(wide)
    const before = await boxOf(page, '#cursor')
    await page.evaluate("for (let i = 0; i < 3; i++) document.getElementById('zoom-in').click()")
    await painted(page)
    const extent = await boxOf(page, '#extent')
    const canvas = await boxOf(page, '#canvas')
    expect(extent.width).toBeCloseTo(canvas.width * 8, 0)
    expect((await boxOf(page, '#cursor')).x).toBeCloseTo(before.x, 0)
    await page.evaluate("document.getElementById('canvas').focus()")
    await page.press('End')
    await painted(page)
    expect((await boxOf(page, '#cursor')).x).toBeCloseTo(canvas.x + canvas.width, 0)
    await page.press('0')
    await painted(page)
    expect((await boxOf(page, '#extent')).width).toBeCloseTo(canvas.width, 0)
  })

  it.each([
    ['light', false],
    ['dark', true],
  ])('draws thumbnails, curves, highlights and silences in their lanes: %s', async (_, isDark) => {
    const page = await openedAt({ ...wide, isDark })
    const color = async (seconds: number, lane: string, share?: number): Promise<number[]> => {
      const { x, y } = await placeOf(page, seconds, lane, share)
      return colorAt(page, x, y)
    }
    const [red = 0, green = 255, blue = 255] = await color(3, 'film')
    expect(red - Math.max(green, blue)).toBeGreaterThan(150)
    const named = async (name: string): Promise<unknown> =>
      page.evaluate(
        `(() => { const p = document.createElement('canvas').getContext('2d'); p.fillStyle = getComputedStyle(document.body).getPropertyValue('--${name}'); p.fillRect(0, 0, 1, 1); return [...p.getImageData(0, 0, 1, 1).data] })()`,
      )
    expect(await color(99, 'silences')).toEqual(await named('silence'))
    expect((await color(125, 'silences')).at(3)).toBe(0)
    const highlight = await color(224, 'highlights')
    expect(highlight.slice(0, 3).map((value) => Math.round(value / 8))).toEqual(
      Array.from(Object(await named('highlight')))
        .slice(0, 3)
        .map((value) => Math.round(Number(value) / 8)),
    )
    // Loudness is above -36 LUFS wherever there is sound: its light fill covers the lower part of the lane, but for silences.
    expect((await color(80, 'loudness', 0.8)).at(3)).toBeGreaterThan(0)
    expect((await color(99, 'loudness', 0.8)).at(3)).toBe(0)
  })

  it('fits a narrow screen without scrolling sideways', async () => {
    const page = await openedAt({ width: 420, height: 900 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420)
    const canvas = await boxOf(page, '#canvas')
    expect(canvas.width).toBeGreaterThan(380)
    expect(canvas.x + canvas.width).toBeLessThanOrEqual(420)
  })

  it('works with nothing but one frame', async () => {
    const still = makePictures({ count: 1, framesPerSecond: 25, motion: () => 0 })
    const nothing = { ...made, scenes: [], highlights: [], silences: [], beats: [], thumbnails: [] }
    const address = written('still.html', {
      ...nothing,
      end: 0.04,
      duration: 0.04,
      series: { ...made.series, pictures: still, sound: null },
    })
    const page = await openedAt(wide, address)
    expect(await textOf(page, 'at-loudness')).toBe('no sound')
    expect(await textOf(page, 'at-scene')).toBe('–')
    expect(page.complaints).toEqual([])
  })

  it('gives every control a name', async () => {
    const page = await openedAt(wide)
    await page.send('Accessibility.enable')
    const { nodes } = await page.send('Accessibility.getFullAXTree')
    const named = Array.from(Object(nodes)).map((node) => ({ role: Object(node).role?.value, name: Object(node).name?.value }))
    const controls = named.filter(({ role }) => role === 'button' || role === 'slider')
    expect(controls.length).toBeGreaterThan(20)
    expect(controls.filter(({ name }) => name === undefined || name === '')).toEqual([])
    expect(controls).toContainEqual({ role: 'slider', name: 'Time' })
    const headings = named.filter(({ role }) => role === 'heading').map(({ name }) => name)
    expect(headings).toEqual(['a "match" & <b>more', 'Timeline', 'Highlights 5', 'Scenes 22', 'Silences 3'])
    expect(named.filter(({ role, name }) => role === 'image' && !String(name).startsWith('Picture at '))).toEqual([])
  })
})
