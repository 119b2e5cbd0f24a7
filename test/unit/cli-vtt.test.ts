import { expect, it } from 'vitest'
import { thumbnailsVtt } from '../../src/cli/vtt.js'
import type { SpriteCue } from '../../src/cli/vtt.js'

function cue(start: number, left = 0): SpriteCue {
  return { start, file: 'sprite-001.jpg', left, top: 90, width: 160, height: 90 }
}

function times(text: string): string[] {
  return text.split('\n').filter((line) => line.includes('-->'))
}

it('lets each cue last until the next, and the last until the end', () => {
  expect(thumbnailsVtt([cue(0), cue(5, 160), cue(10.5, 320)], 12)).toBe(
    [
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:05.000',
      'sprite-001.jpg#xywh=0,90,160,90',
      '',
      '00:00:05.000 --> 00:00:10.500',
      'sprite-001.jpg#xywh=160,90,160,90',
      '',
      '00:00:10.500 --> 00:00:12.000',
      'sprite-001.jpg#xywh=320,90,160,90',
      '',
    ].join('\n'),
  )
})

it('writes no cue that ends when it starts', () => {
  expect(times(thumbnailsVtt([cue(0), cue(5), cue(5.0001), cue(5)], 6))).toEqual([
    '00:00:00.000 --> 00:00:05.000',
    '00:00:05.000 --> 00:00:06.000',
  ])
})

it('sorts cues by time', () => {
  expect(times(thumbnailsVtt([cue(5), cue(0)], 6))).toEqual(['00:00:00.000 --> 00:00:05.000', '00:00:05.000 --> 00:00:06.000'])
})

it.each([4, 0, Number.NaN])('gives the last cue the length of the one before when the end is %d', (end) => {
  expect(times(thumbnailsVtt([cue(0), cue(4)], end)).at(-1)).toBe('00:00:04.000 --> 00:00:08.000')
})

it('gives a single cue without a known end one second', () => {
  expect(times(thumbnailsVtt([cue(3)], Number.NaN))).toEqual(['00:00:03.000 --> 00:00:04.000'])
})
