// Owns the life of the page: reads the data, draws it, and keeps one current time that pointer, keys and lists change.
import { fullTime } from '../times.js'
import type { PageThumbnail } from '../page-data.js'
import { copyText } from './clipboard.js'
import { addControls } from './controls.js'
import { readData } from './data.js'
import { byId } from './element.js'
import { factsAt, spokenFacts } from './facts.js'
import { nearestThumbnail } from './lookup.js'
import { Timeline } from './timeline.js'

const data = readData()
const images = new Map<PageThumbnail, HTMLImageElement>()
const timeline = new Timeline(data, images)
const picture = document.getElementById('picture')
const clock = byId('now', HTMLButtonElement)
let now = data.start

function select(time: number, reveal: boolean): void {
  now = time
  const facts = factsAt(data, time)
  timeline.showCursor(time, reveal)
  timeline.canvas.setAttribute('aria-valuenow', time.toFixed(3))
  timeline.canvas.setAttribute('aria-valuetext', [fullTime(time), spokenFacts(facts)].join(', '))
  clock.textContent = fullTime(time)
  clock.dataset['copy'] = String(time)
  byId('at-scene', HTMLElement).textContent = facts.scene
  byId('at-motion', HTMLElement).textContent = facts.motion
  byId('at-loudness', HTMLElement).textContent = facts.loudness
  byId('at-highlight', HTMLElement).textContent = facts.highlight
  if (picture instanceof HTMLImageElement) showThumbnail(picture, time)
}

function showThumbnail(image: HTMLImageElement, time: number): void {
  const thumbnail = nearestThumbnail(data.thumbnails, time)
  if (thumbnail === undefined || image.dataset['shown'] === String(thumbnail.timestamp)) return
  image.dataset['shown'] = String(thumbnail.timestamp)
  image.src = thumbnail.url
  image.alt = `Picture at ${fullTime(thumbnail.timestamp)}`
}

/** The time that the element, or what it lies in, stands for. */
function timeOf(target: EventTarget | null, name: 'time' | 'copy'): number | undefined {
  const text = target instanceof Element ? target.closest<HTMLElement>(`[data-${name}]`)?.dataset[name] : undefined
  return text === undefined ? undefined : Number(text)
}

function follow({ target }: Event): void {
  const time = timeOf(target, 'time')
  if (time !== undefined) select(time, true)
}

for (const thumbnail of data.thumbnails) {
  const image = new Image()
  image.addEventListener('load', () => {
    images.set(thumbnail, image)
    timeline.repaint()
  })
  image.src = thumbnail.url
}
document.querySelectorAll<HTMLImageElement>('img[data-at]').forEach((image) => showThumbnail(image, Number(image.dataset['at'])))
document.addEventListener('pointerover', follow)
document.addEventListener('focusin', follow)
document.addEventListener('click', ({ target }) => {
  const time = timeOf(target, 'copy')
  if (time !== undefined) void copyText(fullTime(time))
})
addControls(timeline, data, { select, copy: () => void copyText(fullTime(now)), current: () => now })
select(data.highlights.find(({ rank }) => rank === 1)?.start ?? data.start, false)
