// Makes a checkout ready to run on a machine that has only Node.js and npm: system packages, npm packages, addon, JavaScript.
// Needs no package itself, and takes a moment when nothing changed. Progress goes to stderr.

import { fileURLToPath } from 'node:url'
import { realpathSync } from 'node:fs'
import { say, SetupError } from './setup/command.mjs'
import { buildNative, buildTypeScript, ensureNodeModules } from './setup/project-build.mjs'
import { ensureSystemPackages, isAtLeast } from './setup/system-packages.mjs'

const minimumNode = '20.19'

/** The top of the checkout. */
export const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)))

/** Ends the process with exit code 1 and one line when the checkout cannot be made ready. */
export async function setUp() {
  const started = performance.now()
  try {
    if (!isAtLeast(process.versions.node, minimumNode)) {
      throw new SetupError(`framemill needs Node.js ${minimumNode} or newer, this is ${process.versions.node}`)
    }
    await ensureSystemPackages()
    await ensureNodeModules(root)
    await buildNative(root)
    await buildTypeScript(root)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exit(1)
  }
  say(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await setUp()
