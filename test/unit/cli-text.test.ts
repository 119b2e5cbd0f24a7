import { describe, expect, it } from 'vitest'
import { frameLine, closingLines } from '../../src/cli/output-json.js'
import { listLine } from '../../src/cli/output-list.js'
import { describeProbe } from '../../src/cli/probe-text.js'
import { progressText } from '../../src/cli/progress.js'
import { closingLine, headerLine, missingLine, sourceName } from '../../src/cli/summary-text.js'
import { makeFrame, makeReport } from './cli-frame.js'

describe('json lines', () => {
  it('have exactly the public fields, in their order', () => {
    expect(frameLine(makeFrame(0, { width: 640, height: 360 }), undefined)).toBe(
      '{"type":"frame","number":0,"requestedTimestamp":0,"timestamp":0,"pts":0,"width":640,"height":360,"isKeyFrame":true}',
    )
    expect(closingLines(makeReport(120))).toEqual([
      '{"type":"summary","frames":120,"packetsRead":300,"framesDecoded":165,"framesSkipped":135,"seeks":1,"workers":2,"codecThreads":1,"wallSeconds":6.432,"cpuSeconds":11.988}',
    ])
  })

  it('add md5 and damage only where they apply', () => {
    expect(JSON.parse(frameLine({ ...makeFrame(1), isDamaged: true }, 'abc'))).toMatchObject({ isDamaged: true, md5: 'abc' })
    expect(JSON.parse(frameLine(makeFrame(1), undefined))).not.toHaveProperty('isDamaged')
  })

  it('name each missing frame before the summary, which stays last', () => {
    const report = { ...makeReport(1), missing: [{ requestedTimestamp: 12.48, reason: 'Invalid data' }] }
    expect(closingLines(report)[0]).toBe('{"type":"missing","requestedTimestamp":12.48,"reason":"Invalid data"}')
    expect(closingLines(report)[1]).toContain('"type":"summary"')
  })
})

it('lists a frame on one line', () => {
  expect(listLine(makeFrame(11), undefined)).toBe('    11     0:05.500  pts 70400       32x18 rgb24')
  expect(listLine({ ...makeFrame(0), isDamaged: true }, 'abc')).toBe('     0     0:00.000  pts 0           32x18 rgb24  abc  key  damaged')
})

describe('summary', () => {
  it('says what went in and what came out', () => {
    const shape = { width: 640, height: 360, pixelFormat: 'rgb24' }
    expect(headerLine(makeReport(120), shape)).toBe('talk.mp4  1920x1080 h264 30 fps 10:00  ->  120 frames 640x360 rgb24')
    expect(headerLine(makeReport(0), undefined)).toBe('talk.mp4  1920x1080 h264 30 fps 10:00  ->  no frames')
    const facts = { ...makeReport(1).facts, averageFrameRate: null, durationSeconds: 8.5 }
    expect(headerLine({ ...makeReport(1), facts }, shape)).toBe('talk.mp4  1920x1080 h264 0:08.5  ->  1 frame 640x360 rgb24')
  })

  it('says what it took', () => {
    const report = { ...makeReport(120), framesDecoded: 9900, framesInRange: 18_000 }
    expect(closingLine(report)).toBe('done in 6.4 s on 2 workers; 9,900 of 18,000 frames decoded (45 % never needed)')
    expect(closingLine({ ...report, framesDecoded: 18_000, workers: 1, codecThreads: 2, damaged: 1 })).toBe(
      'done in 6.4 s on 1 worker with 2 codec threads each; 18,000 of 18,000 frames decoded; 1 frame damaged',
    )
  })

  it('names the first missing frames and counts the others', () => {
    const gap = (requestedTimestamp: number): { requestedTimestamp: number; reason: string } => ({ requestedTimestamp, reason: 'no data' })
    expect(missingLine(makeReport(10))).toBeUndefined()
    expect(missingLine({ ...makeReport(10), missing: [gap(1.5)] })).toBe('1 of 11 frames is missing: 0:01.500 (no data)')
    expect(missingLine({ ...makeReport(0), missing: [1, 2, 3, 4, 5].map(gap) })).toBe(
      '5 of 5 frames are missing: 0:01.000 (no data), 0:02.000 (no data), 0:03.000 (no data), and 2 more',
    )
  })

  it('names a URL without its query, which may hold a secret', () => {
    expect(sourceName('https://example.com/a/talk.mp4?token=secret#t')).toBe('talk.mp4')
    expect(sourceName('/videos/what?.mp4')).toBe('what?.mp4')
  })
})

describe('progress', () => {
  it('shows part, rate, speed and what is left', () => {
    expect(progressText({ name: 'sampling', done: 30, total: 120, sourceSeconds: 15 }, 2)).toBe(
      'sampling   25 %  30/120  15 frames/s  1.9x realtime  ETA 0:06',
    )
  })

  it('draws a bar into the columns that are left', () => {
    const text = progressText({ name: 'sampling', done: 30, total: 120, sourceSeconds: 15 }, 2, 80)
    expect(text).toHaveLength(80)
    expect(text).toMatch(/^sampling {2}#+-+ {3}25 %/)
    expect(progressText({ name: 'sampling', done: 60, total: 120, sourceSeconds: 10 }, 2, 200)).toContain(
      `${'#'.repeat(13)}${'-'.repeat(13)}  `,
    )
    expect(progressText({ name: 'sampling', done: 30, total: 120, sourceSeconds: 10 }, 2, 40)).not.toContain('#')
  })

  it('says only what is known', () => {
    expect(progressText({ name: 'indexing', done: 5, total: 10, sourceSeconds: null }, 1)).toBe('indexing   50 %  ETA 0:01')
    expect(progressText({ name: 'indexing', done: 5, total: 0, sourceSeconds: null }, 1, 80)).toBe('indexing')
    expect(progressText({ name: 'sampling', done: 5, total: 0, sourceSeconds: 10 }, 0)).toBe('sampling  5')
    expect(progressText({ name: 'sampling', done: 10, total: 10, sourceSeconds: 10 }, 1)).not.toContain('ETA')
  })
})

describe('probe', () => {
  const video = {
    index: 0,
    type: 'video',
    codec: 'h264',
    profile: 'High',
    width: 1920,
    height: 1080,
    displayWidth: 1080,
    displayHeight: 1920,
    rotation: 90,
    averageFrameRate: 30000 / 1001,
    isVariableFrameRate: true,
    pixelFormat: 'yuv420p',
    bitDepth: 8,
    hasBFrames: true,
  }

  it('prints an aligned line for each stream, then chapters and doubts', () => {
    const text = describeProbe({
      source: '/videos/talk.mp4',
      container: 'mov',
      duration: 10,
      startTime: 0,
      streams: [video, { index: 1, type: 'audio', codec: 'aac', sampleRate: 48000, channelLayout: 'stereo', language: 'eng' }],
      chapters: [{ start: 0, end: 5, title: 'One' }],
      doubts: ['the header says more'],
    })
    expect(text.split('\n')).toEqual([
      'talk.mp4  mov  0:10.000',
      '  #0  video  h264 High  1920x1080  shown 1080x1920 rotated 90  29.97 fps (varies)  yuv420p 8 bit  B-frames',
      '  #1  audio  aac        48000 Hz  stereo  eng',
      'chapters:',
      '  0:00.000 - 0:05.000  One',
      'doubtful:',
      '  - the header says more',
    ])
  })

  it('leaves out what is not known', () => {
    expect(describeProbe({ source: 'a.bin', streams: [{ index: 0, type: 'data', codec: null, title: null }], duration: null })).toBe(
      'a.bin\n  #0  data',
    )
    expect(describeProbe({})).toBe('')
  })

  it('prints no control characters of the file', () => {
    const text = describeProbe({
      path: 'a\u001b[2J.mp4',
      streams: [{ index: 0, type: 'audio', title: 'x\u0007\u009b' }],
      doubts: ['\u001b]0;'],
    })
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})
