// npm test [-- vitest arguments]: sets up, makes the test clips, runs the tests.
// FRAMEMILL_TEST_JSON names a file that then receives vitest's results as JSON too.

import { join } from 'node:path'
import { passThrough } from './setup/command.mjs'
import { root, setUp } from './setup.mjs'

await setUp()
process.exitCode = (await runNode('test/fixtures/generate.mjs', [])) || (await runNode('node_modules/vitest/vitest.mjs', vitestArguments()))

function runNode(script, args) {
  return passThrough(process.execPath, [join(root, script), ...args], { cwd: root })
}

function vitestArguments() {
  const json = process.env.FRAMEMILL_TEST_JSON
  const reporters = json ? ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`] : []
  return ['run', ...reporters, ...process.argv.slice(2)]
}
