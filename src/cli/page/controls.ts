// Owns what pointer, wheel and keys mean on the timeline.
import type { PageData } from '../page-data.js'
import { byId } from './element.js'
import { landmarks, lastNotAfter, snapped } from './lookup.js'
import type { Timeline } from './timeline.js'

export interface Actions {
  /** Makes `time` the current one; `reveal`: scrolls to it. */
  readonly select: (time: number, reveal: boolean) => void
  readonly copy: () => void
  readonly current: () => number
}

const zoomFactor = 2
/** Pixels within which a pointer means the beginning or end of something. */
const snapPixels = 5
const longStepSeconds = 1

export function addControls(timeline: Timeline, data: PageData, actions: Actions): void {
  const { canvas, view } = timeline
  const places = landmarks(data)
  const xOf = (event: MouseEvent): number => event.clientX - canvas.getBoundingClientRect().left
  const point = (event: MouseEvent): void =>
    actions.select(snapped(places, view.timeAt(xOf(event)), snapPixels / view.pixelsPerSecond), false)

  canvas.addEventListener('pointermove', point)
  canvas.addEventListener('click', (event) => {
    point(event)
    actions.copy()
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      timeline.zoomBy(2 ** (-event.deltaY / 200), xOf(event))
    },
    { passive: false },
  )
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = keyAction(event, timeline, data, actions)
    if (action === undefined) return
    event.preventDefault()
    action()
  })
  byId('zoom-in', HTMLButtonElement).addEventListener('click', () => timeline.zoomBy(zoomFactor))
  byId('zoom-out', HTMLButtonElement).addEventListener('click', () => timeline.zoomBy(1 / zoomFactor))
  byId('zoom-fit', HTMLButtonElement).addEventListener('click', () => timeline.fit())
}

/** Undefined for keys that mean nothing here. Up and Page Up go on, as sliders do. */
function keyAction({ key, shiftKey }: KeyboardEvent, timeline: Timeline, data: PageData, actions: Actions): (() => void) | undefined {
  const now = actions.current()
  const starts = data.scenes.map(({ start }) => start)
  const go = (time: number) => (): void => actions.select(Math.min(data.end, Math.max(data.start, time)), true)
  const step = shiftKey ? longStepSeconds : data.keyStep
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return go(now + step)
    case 'ArrowLeft':
    case 'ArrowDown':
      return go(now - step)
    case 'PageUp':
      return go(starts[lastNotAfter(starts, now) + 1] ?? data.end)
    case 'PageDown':
      return go(starts.findLast((start) => start < now) ?? data.start)
    case 'Home':
      return go(data.start)
    case 'End':
      return go(data.end)
    case 'Enter':
    case ' ':
      return actions.copy
    case '+':
    case '=':
      return () => timeline.zoomBy(zoomFactor)
    case '-':
      return () => timeline.zoomBy(1 / zoomFactor)
    case '0':
      return () => timeline.fit()
    default:
      return undefined
  }
}
