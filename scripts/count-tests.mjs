// count-tests.mjs RESULTS EXIT_CODE: prints "N passed, N failed" from vitest's JSON and exits 0 only when nothing failed.
// A test file that could not be loaded counts as one failure, and so does a run that ended red with no failure of its own.

import { readFileSync } from 'node:fs'

const [file, exitCode] = process.argv.slice(2)
const { passed, failed } = count(read(file))
process.stdout.write(`${passed} passed, ${failed === 0 && exitCode !== '0' ? 1 : failed} failed\n`)
process.exitCode = failed === 0 && exitCode === '0' ? 0 : 1

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function count(results) {
  if (results === null) return { passed: 0, failed: 1 }
  const notLoaded = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = results.numFailedTests + notLoaded.length
  return { passed: results.numPassedTests, failed: results.numPassedTests === 0 && failed === 0 ? 1 : failed }
}
