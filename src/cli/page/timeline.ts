// Owns the drawing of the timeline and its cursor: painted when something changed, at most once for each frame of the screen.
import { fullTime } from '../times.js'
import type { PageData, PageThumbnail } from '../page-data.js'
import { byId } from './element.js'
import { readLanes } from './lanes.js'
import { paintBeats, paintHighlights, paintRanges, paintScenes } from './paint-bands.js'
import { paintCurve } from './paint-curve.js'
import { paintFilm, paintRuler } from './paint-film.js'
import { readTheme } from './theme.js'
import { View } from './view.js'

export class Timeline {
  readonly view: View
  readonly canvas: HTMLCanvasElement = byId('canvas', HTMLCanvasElement)
  readonly #data: PageData
  readonly #images: ReadonlyMap<PageThumbnail, HTMLImageElement>
  readonly #frame = byId('timeline', HTMLElement)
  readonly #scroll = byId('scroll', HTMLElement)
  readonly #extent = byId('extent', HTMLElement)
  readonly #cursor = byId('cursor', HTMLElement)
  readonly #cursorTime = byId('cursor-time', HTMLElement)
  #time: number
  #isWaiting = false

  constructor(data: PageData, images: ReadonlyMap<PageThumbnail, HTMLImageElement>) {
    this.#data = data
    this.#images = images
    this.#time = data.start
    this.view = new View(data.start, data.end)
    new ResizeObserver(() => this.#measure()).observe(this.#scroll)
    this.#scroll.addEventListener('scroll', () => {
      this.view.left = this.#scroll.scrollLeft
      this.repaint()
    })
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.repaint())
    this.#measure()
  }

  /** Marks `time`; the caller says whether it is to be brought on screen. */
  showCursor(time: number, reveal: boolean): void {
    this.#time = time
    if (reveal) this.#follow(() => this.view.reveal(time))
    this.#placeCursor()
  }

  /** Zooms about a place on screen: the cursor's unless another is given. */
  zoomBy(factor: number, x: number = this.#anchor()): void {
    this.#follow(() => this.view.zoomBy(factor, x))
  }

  /** Shows all of it. */
  fit(): void {
    this.#follow(() => this.view.zoomBy(1 / this.view.zoom, 0))
  }

  repaint(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    requestAnimationFrame(() => {
      this.#isWaiting = false
      this.#paint()
      this.#placeCursor()
    })
  }

  #anchor(): number {
    const x = this.view.xOf(this.#time)
    return x >= 0 && x <= this.view.width ? x : this.view.width / 2
  }

  /** Changes the view and lets the scroll bar follow. */
  #follow(change: () => void): void {
    change()
    this.#extent.style.width = `${this.view.extent}px`
    this.#scroll.scrollLeft = this.view.left
    this.repaint()
  }

  #measure(): void {
    const [width, height] = [this.#scroll.clientWidth, this.#scroll.clientHeight]
    const density = devicePixelRatio
    this.canvas.width = Math.round(width * density)
    this.canvas.height = Math.round(height * density)
    this.canvas.style.width = `${width}px`
    this.canvas.style.height = `${height}px`
    const middle = this.view.timeAt(this.view.width / 2)
    this.view.width = Math.max(1, width)
    this.#follow(() => this.view.scrollTo(this.view.left + this.view.xOf(middle) - this.view.width / 2))
  }

  #placeCursor(): void {
    const x = this.view.xOf(this.#time)
    this.#cursor.hidden = x < 0 || x > this.view.width
    this.#cursor.style.transform = `translateX(${x.toFixed(1)}px)`
    this.#cursor.classList.toggle('late', x > this.view.width - 96)
    this.#cursorTime.textContent = fullTime(this.#time)
  }

  #paint(): void {
    const paper = this.canvas.getContext('2d')
    if (paper === null) return
    const [data, view, lanes, theme] = [this.#data, this.view, readLanes(this.#frame), readTheme(this.#frame)]
    const bottom = this.#scroll.clientHeight
    paper.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    paper.clearRect(0, 0, view.width, bottom)
    paintRuler(paper, view, lanes.ruler, bottom, theme)
    paintFilm(paper, view, lanes.film, data.thumbnails, this.#images)
    paintScenes(paper, view, lanes.scenes, data, theme)
    const [videoGaps, audioGaps] = (['video', 'audio'] as const).map((kind) => data.gaps.filter((gap) => gap.kind === kind))
    paintRanges(paper, view, lanes.motion, videoGaps ?? [], theme.gap)
    paintRanges(paper, view, lanes.loudness, audioGaps ?? [], theme.gap)
    if (data.motion !== null) paintCurve(paper, view, lanes.motion, data.motion, { bottom: 0, top: data.motionTop }, theme.motion)
    if (data.loudness !== null) {
      paintBeats(paper, view, lanes.loudness, data, theme.muted)
      paintCurve(paper, view, lanes.loudness, data.loudness, { bottom: data.loudnessBottom, top: data.loudnessTop }, theme.loudness)
    }
    paintHighlights(paper, view, lanes.highlights, lanes.motion, data, theme)
    paintRanges(paper, view, lanes.silences, data.silences, theme.silence)
  }
}
