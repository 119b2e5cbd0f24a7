import { describe, expect, it } from 'vitest'
import { psnr, expectedTicks } from '../../bench/compare.mjs'
import { detailText, inSectionOrder, number, replaceMarked, resultText, summaryText, table } from '../../bench/report.mjs'
import { figure, verify, type StampedResult } from '../../bench/result.mjs'

const machine = {
  cpu: 'Test CPU',
  cores: 2,
  memoryGiB: 8,
  system: 'Linux 6',
  node: 'v20.20.0',
  ffmpeg: '5.1',
  libraries: '5.1',
  framemill: '1.2.3',
  loadBefore: 0.1,
}

function result(scenario: string, changes: Partial<StampedResult> = {}): StampedResult {
  return {
    scenario,
    title: `Title of ${scenario}`,
    subject: 'a clip',
    checks: ['both give 12 frames'],
    figures: [
      figure('wall time, framemill', 's', [1, 2, 3]),
      figure('ratio', '×', [0.5, 0.7], { atMost: 0.65 }),
      figure('worst', 'ms', [20, 400], { atMost: 300, judged: 'max' }),
    ],
    rivals: [{ name: 'by default', command: "ffmpeg -vf 'a|b'", wallSeconds: 2.5, chosen: true }],
    tuning: 'the first 20 s',
    measuredAt: '2026-01-02T03:04:05.000Z',
    quick: false,
    command: `npm run bench:scenarios -- ${scenario}`,
    machine,
    ...changes,
  }
}

describe('a figure', () => {
  it('reaches its target by the median, or by the worst sample where that is judged', () => {
    expect(figure('f', 's', [1, 2, 9], { atMost: 2 }).reached).toBe(true)
    expect(figure('f', 's', [1, 2.1, 9], { atMost: 2 }).reached).toBe(false)
    expect(figure('f', 's', [1, 2, 9], { atMost: 8, judged: 'max' }).reached).toBe(false)
    expect(figure('f', 's', [1, 2, 9]).reached).toBeNull()
  })

  it('is not made of samples that are no numbers', () => {
    expect(() => figure('f', 's', [])).toThrow(RangeError)
    expect(() => figure('f', 's', [1, NaN])).toThrow(RangeError)
  })

  it('keeps few samples and leaves out many', () => {
    expect(figure('f', 's', [3, 1]).samples).toEqual([3, 1])
    expect(figure('f', 's', new Array<number>(51).fill(1)).samples).toBeUndefined()
  })
})

describe('the report of the benchmarks', () => {
  it('replaces what stands between the markers and nothing else', () => {
    const document = 'before\n<!-- bench:start -->\nold\n<!-- bench:end -->\nafter\n'
    expect(replaceMarked(document, 'new\n')).toBe('before\n<!-- bench:start -->\nnew\n<!-- bench:end -->\nafter\n')
    expect(replaceMarked(replaceMarked(document, 'x') ?? '', 'new')).toBe(replaceMarked(document, 'new'))
  })

  it('leaves a document without markers, or with an unfinished pair, alone', () => {
    expect(replaceMarked('no markers', 'new')).toBeNull()
    expect(replaceMarked('<!-- bench:end --> <!-- bench:start -->', 'new')).toBeNull()
  })

  it('lists in its summary what has a target, with what was measured and whether that reaches it', () => {
    const text = summaryText([result('speed-b-frames')])
    expect(text).toContain('| Title of speed-b-frames | ratio | at most 0.65 × | 0.60 × (0.50 .. 0.70) | yes |')
    expect(text).toContain('| worst at most 300 ms | 400 ms (worst of 2) | **no** |')
    expect(text).not.toContain('wall time, framemill')
  })

  it('names the machine once, however many scenarios ran on it, and each machine there is', () => {
    const here = summaryText([result('a'), result('b', { machine: { ...machine, loadBefore: 3 } })])
    expect(here.match(/Test CPU, 2 cores, 8 GiB, Linux 6, Node v20\.20\.0, FFmpeg 5\.1, framemill 1\.2\.3/g)).toHaveLength(1)
    const two = summaryText([result('a'), result('b', { machine: { ...machine, cpu: 'Other CPU', libraries: '7.1' } })])
    expect(two).toContain('; and on Other CPU, 2 cores, 8 GiB, Linux 6, Node v20.20.0, FFmpeg 5.1 (addon: 7.1), framemill 1.2.3')
  })

  it('tells in detail what was proven, every figure, and the ways to call ffmpeg with the one that was chosen', () => {
    const text = detailText([result('speed-b-frames')])
    expect(text).toContain('## Title of speed-b-frames')
    expect(text).toContain('- both give 12 frames')
    expect(text).toContain('| wall time, framemill | 2.00 | s | 1.00 .. 3.00 (1.00) | 3 |  |  |')
    expect(text).toContain("| `ffmpeg -vf 'a\\|b'` | 2.50 s | chosen |")
    expect(text).toContain('`npm run bench:scenarios -- speed-b-frames`, 2026-01-02')
    expect(text).not.toContain('mean nothing')
  })

  it('says of a quick run that its figures mean nothing', () => {
    expect(detailText([result('leak', { quick: true })])).toContain('figures mean nothing')
  })

  it('says that nothing was measured when nothing was', () => {
    expect(summaryText([])).toContain('Not measured yet')
    expect(detailText([])).toContain('Not measured yet')
  })

  it('orders sections by what readers look for first, unknown ones last', () => {
    const names = ['zebra', 'leak', 'speed-vp9', 'apple', 'speed-b-frames'].map((name) => result(name))
    expect(inSectionOrder(names).map(({ scenario }) => scenario)).toEqual(['speed-b-frames', 'speed-vp9', 'leak', 'apple', 'zebra'])
  })

  it('prints for a terminal what the document has', () => {
    const text = resultText(result('leak'))
    expect(text).toContain('ratio                 0.60 ×  (0.50 .. 0.70 (0.10), n 2)  at most 0.65 ×: yes')
    expect(text).toContain("against ffmpeg -vf 'a|b'")
  })

  it('writes numbers with three digits and thousands with commas', () => {
    expect([0.5, 12.345, 123.4, 1234567.8, 0, -3.456].map(number)).toEqual(['0.50', '12.3', '123', '1,234,568', '0.00', '-3.46'])
  })

  it('escapes bars in cells', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |')
  })
})

describe('the proofs of the benchmarks', () => {
  it('measure likeness of pixels in decibels, 100 for identical ones', () => {
    expect(psnr(new Uint8Array([1, 2, 3]), new Uint8Array([1, 2, 3]))).toBe(100)
    expect(psnr(new Uint8Array([0, 0]), new Uint8Array([255, 255]))).toBeCloseTo(0)
    expect(psnr(new Uint8Array([10, 10]), new Uint8Array([11, 9]))).toBeCloseTo(48.13, 2)
  })

  it('expect at each time of the grid the last packet that is not after it', () => {
    const video = {
      ticks: [0, 4, 10, 11],
      seconds: (ticks: number) => ticks / 10,
      end: 1.5,
      width: 2,
      height: 2,
      codec: 'x',
      matrix: null,
      bitsPerSecond: 1,
    }
    expect(expectedTicks(video, 2)).toEqual([0, 4, 10])
    expect(expectedTicks(video, 10)).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 10, 11, 11, 11, 11])
  })

  it('stop with the claim that does not hold', () => {
    expect(() => verify(false, 'there are 3 frames')).toThrow('Not so: there are 3 frames')
    expect(() => verify(true, 'fine')).not.toThrow()
  })
})
