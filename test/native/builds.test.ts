// The other builds of the same sources: node-gyp, which `npm rebuild` of a dependency may use, and one with sanitizers.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  beforeAll(async () => {
    const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
    await run(process.execPath, [cmakeJs, 'build', '-O', 'build-asan', '--CDSANITIZE=address,undefined'], {
      cwd: root,
      maxBuffer: 2 ** 24,
    })
  }, 10 * minutes)

  it(
    'passes the tests of the border and of every fixture clip without a complaint',
    async () => {
      const { stdout: runtime } = await run('g++', ['-print-file-name=libasan.so'])
      const environment = {
        ...process.env,
        FRAMEMILL_ADDON: join(root, 'build-asan/Release/framemill.node'),
        LD_PRELOAD: runtime.trim(),
        FRAMEMILL_CORPUS_SECONDS: '20',
        ASAN_OPTIONS: 'detect_leaks=0:exitcode=86',
        UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
      }
      const doors = ['contract', 'encode', 'join', 'sound'].map((name) => `test/native/export-${name}`)
      const corpus = process.env['FRAMEMILL_CORPUS'] === undefined ? [] : ['test/corpus/exactness']
      const runs = [
        ['test/native/contract', 'test/native/lifetime', 'test/native/memory', 'test/native/clip-maker', ...doors],
        ['test/integration/exactness', ...corpus, '-t', 'with 2 workers and 2 codec threads'],
      ]
      for (const files of runs) expect(await complaints(files, environment)).toBe('')
    },
    15 * minutes,
  )

  it(
    'exports in every way, whatever the file, without a complaint or a leak of its own',
    async () => {
      const { stdout: runtime } = await run('g++', ['-print-file-name=libasan.so'])
      const suppressions = join(root, 'build-asan/leaks-of-others')
      // They keep some of what they read options into.
      writeFileSync(suppressions, 'leak:libx264\nleak:libx265\n')
      const env = {
        ...process.env,
        FRAMEMILL_ADDON: join(root, 'build-asan/Release/framemill.node'),
        LD_PRELOAD: runtime.trim(),
        ASAN_OPTIONS: 'detect_leaks=1:exitcode=86',
        LSAN_OPTIONS: `suppressions=${suppressions}:print_suppressions=0`,
        UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
      }
      const whole = [clips.manyStreams, clips.hevcOpenGop, clips.vp8, clips.vp9, clips.mkv, clips.sizeChange, clips.editList]
      const faulty = [clips.noBFrames, clips.hevcClosedGop]
      const pathsOf = (list: readonly { readonly path: string }[]): string[] => list.map(({ path }) => path)
      const given = { whole: pathsOf([...whole, clips.damagedMp4, clips.cutOffMkv]), long: clips.fullHd.path, faulty: pathsOf(faulty) }
      const args = ['test/children/export-all-ways.mjs', JSON.stringify(given)]
      const { stdout, stderr } = await run(process.execPath, args, { cwd: root, env }).catch(
        (failure: { stdout: string; stderr: string }) => failure,
      )
      expect(stderr).toBe('')
      const { done, failed, cancelled, refused, left }: Record<string, number> = JSON.parse(stdout)
      expect([(done ?? 0) >= 40, cancelled, left]).toEqual([true, 2, 0])
      expect((done ?? 0) + (failed ?? 0) + (refused ?? 0)).toBe(9 * 4 + 4 + 2 * 9 * 2)
    },
    3 * minutes,
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
