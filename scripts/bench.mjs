// npm run bench [-- FILE... --flags]: sets up, then measures this host and recommends how many workers to run.

import { join } from 'node:path'
import { root, setUp } from './setup.mjs'
import { passThrough } from './setup/command.mjs'

await setUp()
// Relative files are meant from where the user typed the command; npm runs scripts at the top of the checkout.
const typedIn = process.env.INIT_CWD ?? process.cwd()
const cli = [join(root, 'dist/cli/main.js'), 'bench', ...process.argv.slice(2)]
process.exitCode = await passThrough(process.execPath, cli, { cwd: typedIn })
