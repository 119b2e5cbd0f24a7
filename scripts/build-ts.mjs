// npm run build:ts: the JavaScript in dist/, and beside it the files that the command line's page is made of.

import { say, SetupError } from './setup/command.mjs'
import { buildTypeScript } from './setup/project-build.mjs'
import { root } from './setup.mjs'

try {
  await buildTypeScript(root)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  say(error.message)
  process.exitCode = 1
}
