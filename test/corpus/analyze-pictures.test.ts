// Measurements of real pictures against numpy, OpenCV and FFmpeg's scdet; vitest.config.ts leaves this file out without a folder
// FRAMEMILL_CORPUS. Where Python has no OpenCV (Debian: python3-opencv), only scdet judges.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type PictureColumn, type PictureSeries } from '../../dist/index.js'
import { runTool, fileUrl } from '../oracle/ffmpeg-command.js'

const folder = join(process.env['FRAMEMILL_CORPUS'] ?? '', 'everyday')
const names = [
  'Breakthrough-PySceneDetect__testvideo.mp4',
  'Breakthrough-PySceneDetect__issue-195-aspect-ratio.mp4',
  'Zulko-moviepy__big_buck_bunny_0_30.webm',
  'intel-iot-devkit-sample-videos__one-by-one-person-detection.mp4',
  'meta-pytorch-torchcodec__nasa_13013.mp4',
  'shaka-project-shaka-player__hls-ts-muxed-ac3-h264_concat6.ts',
]
const seconds = 6
const script = fileURLToPath(new URL('../oracle/picture_measures.py', import.meta.url))
/** Debian's own Python may not be the first on the path. */
const python = ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', 'import cv2, numpy']).status === 0)

/** Most that a column may be off the second opinion, in its own unit. Both work on the same pixels. */
const tolerances: Partial<Record<PictureColumn, number>> = {
  luma: 0.01,
  brightness: 0.01,
  contrast: 0.01,
  sharpness: 1,
  colorfulness: 0.01,
  black: 0.002,
  white: 0.002,
  deltaHue: 0.02,
  deltaSat: 0.02,
  deltaLum: 0.001,
  deltaEdges: 0.05,
  difference: 0.01,
  histogramCorrelation: 0.001,
  hashDistance: 0.03,
}
/** Of a fainter picture the lowest bits decide what its hash is. */
const faint = 4
/** Shares of the width: where less moves, noise does. */
const hardlyMoves = 0.002

let engine: Engine
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(() => engine.close())

/** The pictures that are measured, as one stream of rgb24. */
async function smallPictures(path: string): Promise<{ readonly data: Buffer; readonly width: number; readonly height: number }> {
  const chunks: Buffer[] = []
  let size = { width: 0, height: 0 }
  const { streams } = await engine.probe(path)
  const video = streams.find((stream) => stream.type === 'video' && 'displayWidth' in stream)
  if (video === undefined || !('displayWidth' in video)) throw new Error('there is no video')
  const scale = Math.min(1, 256 / Math.max(video.displayWidth, video.displayHeight))
  const width = Math.round(video.displayWidth * scale)
  const height = Math.round(video.displayHeight * scale)
  for await (const frame of engine.sample(path, { all: true, end: seconds, width, height, fit: 'fill', scaleFilter: 'blocks' })) {
    chunks.push(Buffer.from(frame.data))
    size = { width: frame.width, height: frame.height }
  }
  return { data: Buffer.concat(chunks), ...size }
}

async function secondOpinion(path: string): Promise<Record<string, readonly (number | string)[]>> {
  const { data, width, height } = await smallPictures(path)
  const child = spawn(python ?? '', [script, String(width), String(height)], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(data)
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return Object.fromEntries(
    Object.entries(JSON.parse(text) as object).map(([name, values]) => [name, Array.isArray(values) ? values.map(asValue) : []]),
  )
}

function asValue(value: unknown): number | string {
  return typeof value === 'number' ? value : String(value)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (const [i, value] of a.entries()) {
    product += (value - ma) * ((b[i] ?? 0) - mb)
    squaresA += (value - ma) ** 2
    squaresB += ((b[i] ?? 0) - mb) ** 2
  }
  return product / Math.sqrt(squaresA * squaresB)
}

describe.runIf(python !== undefined)('measured with numpy and OpenCV on the same pixels', () => {
  it.each(names)('%s has the same values in every column', async (name) => {
    const path = join(folder, name)
    const { pictures } = await engine.analyze(path, { all: true, end: seconds, edges: true, audio: false })
    if (pictures === null) throw new Error('no pictures were measured')
    const told = await secondOpinion(path)
    const off = Object.entries(tolerances).flatMap(([column, tolerance]) => {
      const values = told[column] ?? []
      const behind = pictures.count - values.length
      const own = columnOf(pictures, column)
      const isTold = (row: number): boolean =>
        column !== 'hashDistance' || Math.min(pictures.contrast[row] ?? 0, pictures.contrast[row - 1] ?? 0) > faint
      const errors = values.map((value, i) => (isTold(i + behind) ? Math.abs(Number(value) - (own[i + behind] ?? NaN)) : 0))
      const worst = Math.max(...errors)
      return worst <= tolerance ? [] : [`${column} is off by ${worst}`]
    })
    expect(off).toEqual([])
    expect(told['luma']).toHaveLength(pictures.count)
    const bits = (told['hash'] ?? []).map((hex, i) => differingBits(BigInt(`0x${reversed(String(hex))}`), pictures.hash[i] ?? 0n))
    expect(Math.max(...bits.filter((_, i) => (pictures.contrast[i] ?? 0) > faint))).toBeLessThanOrEqual(4)
    const flow = (told['motion'] ?? []).map(Number)
    const mean = flow.reduce((sum, value) => sum + value, 0) / flow.length
    if (mean > hardlyMoves) expect(correlation(flow, Array.from(pictures.motion.slice(1)))).toBeGreaterThan(0.85)
  })
})

function columnOf(pictures: PictureSeries, name: string): Float32Array {
  const column: unknown = Reflect.get(pictures, name)
  if (!(column instanceof Float32Array)) throw new Error(`there is no column ${name}`)
  return column
}

function reversed(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join('')
}

function differingBits(one: bigint, other: bigint): number {
  return (one ^ other).toString(2).replaceAll('0', '').length
}

describe('measured with scdet', () => {
  it.each(names)('%s has the same differences of luma', async (name) => {
    const path = join(folder, name)
    const { pictures } = await engine.analyze(path, { all: true, end: seconds, audio: false })
    if (pictures === null) throw new Error('no pictures were measured')
    const filter = 'scale=256:256:force_original_aspect_ratio=decrease:flags=area,format=gray,scdet=t=0,metadata=print:file=-'
    const { stdout } = await runTool('ffmpeg', ['-i', fileUrl(path), '-an', '-vf', filter, '-f', 'null', '-'])
    const told = [...stdout.matchAll(/lavfi\.scd\.mafd=([\d.]+)/g)].map(([, value]) => Number(value)).slice(0, pictures.count)
    // scdet tells per cent of full scale.
    const own = Array.from(pictures.difference, (value) => (value / 255) * 100)
    expect(told.length).toBe(pictures.count)
    expect(correlation(told.slice(1), own.slice(1))).toBeGreaterThan(0.99)
  })
})
