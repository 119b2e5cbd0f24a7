// `framemill sample --json --md5` against ffmpeg's framemd5, through a process of its own.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg, type ClipOracle } from '../oracle/ffmpeg-oracle.js'
import { atTimes, fpsTimes } from '../oracle/frame-choice.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

interface Line {
  readonly type: string
  readonly [key: string]: unknown
}

async function sampleLines(path: string): Promise<Line[]> {
  const flags = ['--fps', '2', '--pixel-format', 'source', '--no-autorotate', '--json', '--md5']
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'sample', path, ...flags], { maxBuffer: 1 << 24 })
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text): Line => JSON.parse(text))
}

function expectedLines(oracle: ClipOracle): object[] {
  return atTimes(oracle, fpsTimes(2, oracle.end ?? NaN)).map(({ requested, frame }, number) => ({
    type: 'frame',
    number,
    requestedTimestamp: expect.closeTo(requested ?? NaN, 6),
    timestamp: expect.closeTo(frame.seconds, 6),
    pts: frame.ptsTicks,
    isKeyFrame: frame.isKey,
    md5: frame.digest,
  }))
}

const sampled = [clips.bFrames, clips.vp9, clips.lateStart, clips.editList, clips.rotated90, clips.oddSize444, clips.awkwardName]

describe('framemill sample --json --md5', () => {
  it.each(sampled)('prints for $name the md5 that ffmpeg prints, then a summary', async ({ path, facts }) => {
    const expected = expectedLines(await consultFfmpeg(path))
    const lines = await sampleLines(path)
    const frames = lines.filter((line) => line.type === 'frame')
    expect(frames).toEqual(expected.map((line) => expect.objectContaining({ ...line, width: facts.width, height: facts.height })))
    expect(lines.at(-1)).toMatchObject({ type: 'summary', frames: expected.length })
    expect(lines).toHaveLength(expected.length + 1)
  })
})
