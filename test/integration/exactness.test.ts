// Every frame of every generated clip against the ffmpeg command, for each grid and each number of workers and codec threads.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, VideoError } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { combinations, undecodableCodes } from '../oracle/combinations.js'
import { differencesFromFfmpeg } from '../oracle/compare-samples.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'

describe('the oracle', () => {
  it.each(clips.all)('sees in $name the frames that its recipe put there', async ({ path, facts }) => {
    const { frames } = await consultFfmpeg(path)
    expect(frames).toHaveLength(facts.frames)
    expect(frames.filter((frame) => frame.isKey)).toHaveLength(facts.keyFrames)
  })

  it.each(clips.sound)('hears no complaint about $name', async ({ path }) => {
    expect((await consultFfmpeg(path)).errorLines).toEqual([])
  })
})

describe.each(combinations)('with $workers workers and $codecThreads codec threads', ({ workers, codecThreads }) => {
  let engine: Engine
  beforeAll(() => {
    engine = new Engine({ workers, codecThreads, cache: false })
  })
  afterAll(() => engine.close())

  // It has damage that libavcodec does not notice: what its frame threads make of that differs, in a few of a hundred decodes.
  const repeatable = clips.all.filter(({ name }) => codecThreads === 1 || name !== clips.damagedMp4.name)

  it.each(repeatable)('gives the frames that ffmpeg shows for $name', async ({ path }) => {
    expect(await differencesFromFfmpeg(engine, await consultFfmpeg(path))).toEqual([])
  })

  it.each(clips.withoutVideo)('turns down $name, which holds no video that can be decoded', async ({ path }) => {
    const error = await engine
      .sample(path, { all: true })
      .next()
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(VideoError)
    expect(undecodableCodes).toContain(error instanceof VideoError ? error.code : undefined)
  })
})
