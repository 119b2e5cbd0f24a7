// How the tests run: each file in a process of its own (a crash in native code then fails one file, not the run), one at a time.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { browserOnPath } from './test/browser/chromium.js'

const everywhere = ['test/unit/**/*.test.ts', 'test/native/**/*.test.ts', 'test/integration/**/*.test.ts']
const withCorpus = process.env['FRAMEMILL_CORPUS'] === undefined ? [] : ['test/corpus/**/*.test.ts']
const withBrowser = browserOnPath() === undefined ? [] : ['test/browser/**/*.test.ts']

const config: ViteUserConfig = defineConfig({
  test: {
    include: [...everywhere, ...withCorpus, ...withBrowser],
    pool: 'forks',
    // What was measured on the developer's machine is not to change what tests see.
    env: { FRAMEMILL_CONFIG_DIR: join(tmpdir(), 'framemill-tests-without-config') },
    // Engines start workers of their own and counters are compared: two files at once would share the cores that a test counts on.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Clip names in titles, and the differences of a clip, in full.
    chaiConfig: { truncateThreshold: 0 },
  },
})

export default config
