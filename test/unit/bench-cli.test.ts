// What `framemill bench` says of a recommendation.
import { describe, expect, it } from 'vitest'
import { chartSpec, loadVega, svgChart } from '../../src/cli/bench-svg.ts'
import { recommendationText } from '../../src/cli/bench-text.ts'
import type { GoalAnswer, Measurement, Recommendation } from '../../src/index.ts'

function measured(workers: number, throughput: number): Measurement {
  return {
    workers,
    codecThreads: 1,
    rounds: 7,
    throughput,
    mad: 0.4,
    realtime: throughput / 2,
    wallSeconds: 1,
    cpuSeconds: 1.23,
    peakRssBytes: 250e6,
    utilisation: 0.98,
    slotWaitShare: 0,
    longestTaskShare: 0.1,
    diskBytes: 0,
    samples: [throughput],
  }
}

const answer: GoalAnswer = {
  workers: 4,
  codecThreads: 1,
  throughput: 180,
  speedupOverOne: 3.6,
  confidence: 0.97,
  oneStepOff: [{ workers: 2, codecThreads: 1, change: -0.46 }],
  tooLarge: [],
  usl: { lambda: 50, sigma: 0.03, kappa: 0, worstResidual: 0.01 },
  measurements: [measured(1, 50), measured(2, 97), measured(4, 180)],
  bottleneck: { kind: 'cpu', reason: '4 of 4 CPUs busy' },
  explanation: ['4 workers: 3.60 times one worker', '2 workers instead: 46.0 % slower'],
}

const recommendation: Recommendation = {
  ...answer,
  type: 'recommendation',
  job: 'sample',
  bottleneck: 'cpu',
  bottleneckReason: '4 of 4 CPUs busy',
  latency: { ...answer, workers: 2 },
  limits: { cpus: 4, physicalCores: 2, numaNodes: 1, cpuQuota: 3.5, cpuBudget: 4, memoryBytes: 8 * 2 ** 30 },
  memoryLimit: 8 * 2 ** 30,
  sources: [{ file: '/films/talk.mp4', description: '1920x1080 h264 30 fps', seconds: 600 }],
  model: {
    slowdown: 0.02,
    checks: [{ from: 1, to: 4, predicted: 190, measured: 180, error: 0.0556 }],
    predictions: [{ workers: 16, cpus: 16, throughput: 700, speedupOverOne: 14 }],
  },
  othersCpus: 0.5,
  notes: ['other processes kept 0.5 CPUs busy'],
  isQuick: false,
  savedTo: null,
}

describe('the text', () => {
  const text = recommendationText(recommendation, 80)

  it('begins with the answer', () => {
    expect(text.split('\n')[0]).toBe('sample: 4 workers x 1 codec thread')
  })

  it.each([
    'host   4 CPUs on 2 cores, CPU quota 3.50; memory 8.0 GiB',
    'video  talk.mp4  1920x1080 h264 30 fps 10:00',
    'Many files at once: 4 workers: 3.60 times one worker.',
    '  2 workers instead: 46.0 % slower.',
    '  Limited by CPU time: 4 of 4 CPUs busy.',
    '  Confidence 97 %:',
    '4 workers from a trace of 1: 190.0 frames/s predicted, 180.0 measured, 5.6 % off',
    '16 CPUs  700.0 frames/s, 14.00 times one',
    'note: other processes kept 0.5 CPUs busy',
  ])('says: %s', (line) => {
    expect(text).toContain(line)
  })

  it('marks the recommended row of each table, and the point of each chart', () => {
    const marked = text.split('\n').filter((line) => line.endsWith('<- recommended'))
    expect(marked.map((line) => line.trim().split(/\s+/)[0])).toEqual(['4', '2'])
    expect(text.match(/┤?.*◆.*\n/g)?.length).toBeGreaterThanOrEqual(2)
  })

  it('fits the terminal', () => {
    for (const line of text.split('\n').filter((one) => one.includes('┤') || one.includes('┬'))) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says where the answer was kept', () => {
    expect(recommendationText({ ...recommendation, savedTo: '/home/ann/.config/framemill/profile.json' }, 80)).toContain(
      'saved to /home/ann/.config/framemill/profile.json',
    )
  })
})

describe('the picture', () => {
  it('has every measurement with its spread, the curve, and the recommended point', () => {
    const { hconcat } = JSON.parse(JSON.stringify(chartSpec([recommendation])))
    expect(hconcat).toHaveLength(2)
    const [curve, bars, points, recommended] = hconcat[0].layer.map((layer: { data: { values: unknown[] } }) => layer.data.values)
    expect(points).toHaveLength(3)
    expect(bars[1]).toMatchObject({ workers: 2, low: 96.6, high: 97.4 })
    expect(recommended).toEqual([expect.objectContaining({ workers: 4, throughput: 180 })])
    // λN / (1 + σ(N − 1)) at both ends.
    expect(curve.at(0)).toEqual({ workers: 1, throughput: 50 })
    expect(curve.at(-1).throughput).toBeCloseTo(200 / 1.09, 6)
  })

  it('is an SVG document', async () => {
    const svg = await svgChart([recommendation], await loadVega())
    expect(svg).toMatch(/^<svg /)
    expect(svg).toContain('many files at once')
  })
})
