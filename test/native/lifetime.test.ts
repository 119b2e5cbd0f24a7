// How long native objects live: in several threads at once, until they are collected, and past the end of a process or a thread.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { asDecoded, everything } from './samplers.js'

const run = promisify(execFile)
const child = (name: string): string => fileURLToPath(new URL(`../children/${name}`, import.meta.url))

describe('the addon', () => {
  it('works in two threads at once', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(8))
    const paths = [clips.bFrames.path, clips.hevcOpenGop.path]
    const answers = paths.map(async (path) => {
      const workerData = { path, output: asDecoded, segment: everything, gate }
      const [message] = await once(new Worker(child('native-worker.mjs'), { workerData }), 'message')
      return message
    })
    for (let ready = 0; ready < paths.length; ready = Atomics.load(gate, 0)) {
      const wait = Atomics.waitAsync(gate, 0, ready)
      if (wait.async) await wait.value
    }
    Atomics.store(gate, 1, 1)
    Atomics.notify(gate, 1)
    const oracles = await Promise.all(paths.map(consultFfmpeg))
    expect(await Promise.all(answers)).toEqual(
      oracles.map(({ frames }) => ({ digests: frames.map(({ digest }) => digest), threw: 'ERR_CLOSED' })),
    )
  })

  it('lets samplers be collected, closed or not', async () => {
    const { stdout } = await run(process.execPath, ['--expose-gc', child('collect.mjs'), clips.bFrames.path])
    expect(stdout).toBe('collected 20 of 20\n')
  })

  it('lets a process end with samplers open, and a thread be terminated with one', async () => {
    const { stdout, stderr } = await run(process.execPath, [child('open-samplers.mjs'), clips.bFrames.path])
    expect([stdout, stderr]).toEqual(['ended\n', ''])
  })
})
