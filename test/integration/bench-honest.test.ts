// The benchmarks with an ffmpeg that misbehaves: what is not proven gives no figures, and what is interrupted leaves nothing running.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const bench = fileURLToPath(new URL('../../bench/index.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bench-honest-'))
const media = join(folder, 'media')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the benchmarks with another `ffmpeg`, a shell script, before the real one on the path; resolves when every process is gone. */
async function runWith(ffmpeg: string, args: readonly string[], interruptAt: string | null = null): Promise<Ended> {
  const scripts = mkdtempSync(join(folder, 'path-'))
  const script = join(scripts, 'ffmpeg')
  writeFileSync(script, `#!/bin/sh\nPATH=\${PATH#*:}\n${ffmpeg}\nexec ffmpeg "$@"\n`)
  chmodSync(script, 0o755)
  const env = { ...process.env, PATH: [scripts, process.env['PATH'] ?? ''].join(delimiter) }
  const child = spawn(process.execPath, [bench, '--quick', '--pairs', '1', '--media', media, ...args], { env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (interruptAt !== null && stderr.includes(interruptAt)) child.kill('SIGINT')
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    // Not "exit": descendants that live on hold stderr open.
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** Of what is compared, every picture is another one; clips are made as ever. */
const otherPictures = `
for argument do
  shift
  case $argument in *format=rgb24) argument="$argument,negate" ;; esac
  set -- "$@" "$argument"
done`

/** What is compared never comes. */
const noPictures = 'case $* in *rawvideo*) echo waiting >&2; exec sleep 3600 ;; esac'

describe('a benchmark', () => {
  it('gives no figure that is not proven, says why, and gives those of the one next to it', async () => {
    mkdirSync(media, { recursive: true })
    const json = join(folder, 'results.json')
    const { code, stdout, stderr } = await runWith(otherPictures, ['sparse', 'hand-off', '--json', json])
    expect(code).toBe(1)
    expect(stderr).toMatch(/sparse: went wrong, no figures: Error: Not so: .*at least 40 dB alike/)
    expect(stderr).toContain('1 scenarios measured, 1 went wrong')
    expect(stdout).not.toMatch(/sparse|ffmpeg/i)
    expect(stdout).toMatch(/Hand-off.*\n(.*\n)*.*µs/)
    const results: { scenario: string }[] = JSON.parse(readFileSync(json, 'utf8'))
    expect(results.map(({ scenario }) => scenario)).toEqual(['hand-off'])
  })

  it('ends with everything it has started when it is interrupted', async () => {
    const { signal, stdout } = await runWith(noPictures, ['sparse'], 'waiting')
    expect(signal).toBe('SIGINT')
    expect(stdout).toBe('')
  })
})
