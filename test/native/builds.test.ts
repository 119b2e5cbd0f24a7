// The other builds of the same sources: node-gyp, which `npm rebuild` of a dependency may use, and one with sanitizers.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const minutes = 60_000

/** Samples a clip with the CLI over another addon; its frame lines. */
async function frameLines(addon: string, environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const args = [
    'dist/cli/main.js',
    'sample',
    clips.bFrames.path,
    '--fps',
    '1',
    '--pixel-format',
    'source',
    '--json',
    '--md5',
    '--quiet',
    '--no-cache',
  ]
  const { stdout } = await run(process.execPath, args, { cwd: root, env: { ...process.env, ...environment, FRAMEMILL_ADDON: addon } })
  return stdout.split('\n').filter((line) => line.includes('"type":"frame"'))
}

describe('the node-gyp build', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'framemill-gyp-'))
    for (const part of ['native', 'binding.gyp', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(
    'of the same list of sources gives the same frames',
    async () => {
      await run('npm', ['exec', '--no', '--', 'node-gyp', 'rebuild', '--jobs', '2'], { cwd: folder, maxBuffer: 2 ** 24 }).catch(async () =>
        run(process.execPath, [await bundledNodeGyp(), 'rebuild', '--jobs', '2'], { cwd: folder, maxBuffer: 2 ** 24 }),
      )
      const lines = await frameLines(join(folder, 'build/Release/framemill.node'))
      expect(lines).toHaveLength(10)
      expect(lines).toEqual(await frameLines(join(root, 'build/Release/framemill.node')))
    },
    5 * minutes,
  )
})

/** npm carries a node-gyp of its own. */
async function bundledNodeGyp(): Promise<string> {
  const { stdout } = await run('npm', ['root', '--global'])
  return join(stdout.trim(), 'npm/node_modules/node-gyp/bin/node-gyp.js')
}

describe.runIf(process.platform === 'linux')('the build with AddressSanitizer and UndefinedBehaviorSanitizer', () => {
  it(
    'passes the tests of the border and of every fixture clip without a complaint',
    async () => {
      const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
      await run(process.execPath, [cmakeJs, 'build', '-O', 'build-asan', '--CDSANITIZE=address,undefined'], {
        cwd: root,
        maxBuffer: 2 ** 24,
      })
      const { stdout: runtime } = await run('g++', ['-print-file-name=libasan.so'])
      const environment = {
        ...process.env,
        FRAMEMILL_ADDON: join(root, 'build-asan/Release/framemill.node'),
        LD_PRELOAD: runtime.trim(),
        FRAMEMILL_CORPUS_SECONDS: '60',
        ASAN_OPTIONS: 'detect_leaks=0:exitcode=86',
        UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
      }
      const corpus = process.env['FRAMEMILL_CORPUS'] === undefined ? [] : ['test/corpus/exactness']
      const runs = [
        ['test/native/contract', 'test/native/lifetime', 'test/native/memory', 'test/native/clip-maker'],
        ['test/integration/exactness', ...corpus, '-t', 'with 2 workers and 2 codec threads'],
      ]
      for (const files of runs) expect(await complaints(files, environment)).toBe('')
    },
    15 * minutes,
  )
})

/** Runs test files in a vitest of their own; the end of its output when it fails. */
async function complaints(files: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = { cwd: root, env: environment, maxBuffer: 2 ** 26 }
  return run(process.execPath, [vitest, 'run', '--reporter=dot', ...files], options).then(
    () => '',
    (failure: { stdout: string; stderr: string }) => `${failure.stdout.slice(-4000)}\n${failure.stderr.slice(-4000)}`,
  )
}
