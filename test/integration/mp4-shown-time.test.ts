// How long a finished MP4 or MOV is told to show its pictures, as ffprobe and ffmpeg see it.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { endPicturesAt } from '../../src/source/mp4-shown-time.ts'
import { clips } from '../fixtures/index.js'
import { runTool } from '../oracle/ffmpeg-command.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'

const folder = mkdtempSync(join(tmpdir(), 'framemill-shown-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A copy of a clip of 300 frames in ten seconds, told to end. */
async function ended(seconds: number, path = clips.bFrames.path, name = `${seconds}.mp4`): Promise<string> {
  const copy = join(folder, name)
  copyFileSync(path, copy)
  await endPicturesAt(copy, seconds)
  return copy
}

async function seconds(path: string, entry: 'stream' | 'format'): Promise<number[]> {
  const { stdout } = await runTool('ffprobe', ['-show_entries', `${entry}=duration`, '-of', 'csv=p=0', path])
  return stdout.trim().split('\n').map(Number)
}

describe('a file told to end', () => {
  it.each([1, 61, 150, 299])('after %i frames shows these, with the pixels they had', async (frames) => {
    const all = (await consultFfmpeg(clips.bFrames.path)).frames
    const shown = (await consultFfmpeg(await ended(frames / 30))).frames
    expect(shown.map(({ digest }) => digest)).toEqual(all.slice(0, frames).map(({ digest }) => digest))
    expect(shown.map(({ ptsTicks }) => ptsTicks)).toEqual(all.slice(0, frames).map(({ ptsTicks }) => ptsTicks))
  })

  it('says so of its pictures and, where nothing else is longer, of itself', async () => {
    expect(await seconds(await ended(2), 'format')).toEqual([2])
    expect(await seconds(await ended(2), 'stream')).toEqual([2])
  })

  it('is as long as its longest track, and pictures that begin late last that long from then on', async () => {
    const path = await ended(1, clips.delayedVideo.path, 'delayed.mp4')
    expect((await consultFfmpeg(path)).frames).toHaveLength(30)
    const [pictures = 0, sound = 0] = await seconds(path, 'stream')
    expect(pictures).toBeLessThan(sound)
    expect((await seconds(path, 'format'))[0]).toBeCloseTo(sound, 2)
  })

  it('keeps its bytes but for those that say how long', async () => {
    const [before, after] = [readFileSync(clips.bFrames.path), readFileSync(await ended(2))]
    expect(after.length).toBe(before.length)
    const changed = before.reduce((sum, byte, i) => sum + (byte === after[i] ? 0 : 1), 0)
    expect(changed).toBeGreaterThan(0)
    expect(changed).toBeLessThanOrEqual(3 * 4)
  })

  it('is none that has no edit list, or is no MP4', async () => {
    const junk = join(folder, 'junk')
    writeFileSync(junk, 'no boxes at all, but more than eight bytes')
    await expect(endPicturesAt(junk, 1)).rejects.toThrow()
    const fragmented = join(folder, 'fragmented.mp4')
    copyFileSync(clips.fragmented.path, fragmented)
    const before = readFileSync(fragmented)
    await endPicturesAt(fragmented, 1).catch(() => undefined)
    expect(readFileSync(fragmented).length).toBe(before.length)
  })
})
