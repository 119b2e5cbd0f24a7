// The parts of the page's own script that need no browser.
import { describe, expect, it } from 'vitest'
import { lastNotAfter, nearestThumbnail, rangeAt, snapped, valueAt } from '../../src/cli/page/lookup.js'
import { View } from '../../src/cli/page/view.js'

function viewOf(width: number, start = 0, end = 100): View {
  const view = new View(start, end)
  view.width = width
  return view
}

describe('the view', () => {
  it('shows all of the time at first', () => {
    const view = viewOf(500, 10, 60)
    expect([view.xOf(10), view.xOf(35), view.xOf(60)]).toEqual([0, 250, 500])
    expect([view.timeAt(0), view.timeAt(500)]).toEqual([10, 60])
  })

  it('keeps what is below the pointer there while it zooms', () => {
    const view = viewOf(500)
    view.zoomBy(4, 200)
    expect(view.timeAt(200)).toBeCloseTo(40, 9)
    expect(view.extent).toBe(2000)
  })

  it('never scrolls beyond the ends, and shows all again when zoomed out', () => {
    const view = viewOf(500)
    view.zoomBy(4, 0)
    view.scrollTo(99_999)
    expect(view.shown).toEqual({ from: 75, to: 100 })
    view.zoomBy(0.0001, 0)
    expect(view.shown).toEqual({ from: 0, to: 100 })
  })

  it('names no time outside of the range', () => {
    const view = viewOf(500)
    expect([view.timeAt(-20), view.timeAt(700)]).toEqual([0, 100])
  })

  it('scrolls to a time that is not on screen, and stays when it is', () => {
    const view = viewOf(500)
    view.zoomBy(10, 0)
    view.reveal(5)
    expect(view.left).toBe(0)
    view.reveal(50)
    expect(view.xOf(50)).toBeCloseTo(250, 9)
  })
})

describe('looking up a time', () => {
  it('finds the last that is not after it', () => {
    expect([-1, 0, 1.5, 9].map((time) => lastNotAfter([0, 1, 2], time))).toEqual([-1, 0, 1, 2])
  })

  it('finds the value of the point that stands for it, and none before the first or in a gap', () => {
    const curve = { span: 2, time: [2, 4, 6], low: [1, null, 5], high: [3, null, 5] }
    expect([1, 3.9, 4, 100].map((time) => valueAt(curve, time))).toEqual([null, { low: 1, high: 3 }, null, { low: 5, high: 5 }])
    expect(valueAt(null, 0)).toBeNull()
  })

  it('finds the range it lies in, the end not included', () => {
    const ranges = [
      { start: 0, end: 2 },
      { start: 2, end: 4 },
    ]
    expect([0, 2, 3.9, 4].map((time) => rangeAt(ranges, time))).toEqual([0, 1, 1, -1])
  })

  it('finds the thumbnail that is nearest, before or after', () => {
    const thumbnails = [0, 10, 20].map((timestamp) => ({ timestamp, width: 16, height: 9, url: '' }))
    expect([-5, 4, 6, 99].map((time) => nearestThumbnail(thumbnails, time)?.timestamp)).toEqual([0, 0, 10, 20])
    expect(nearestThumbnail([], 0)).toBeUndefined()
  })

  it('takes the nearest landmark only when it is near', () => {
    expect([4.2, 4.9, 5.3, 7].map((time) => snapped([1, 5, 9], time, 0.5))).toEqual([4.2, 5, 5, 7])
    expect(snapped([5, 5.4], 5.3, 0.5)).toBe(5.4)
    expect(snapped([], 3, 1)).toBe(3)
  })
})
