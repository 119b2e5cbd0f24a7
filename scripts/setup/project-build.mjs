// Owns what is made inside the checkout: node_modules, the native addon in build/, the JavaScript in dist/.

import { copyFileSync, existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, say } from './command.mjs'

// What runs in a browser has types of its own, and files that are no TypeScript.
const page = 'src/cli/page'

export async function ensureNodeModules(root) {
  if (isLockInstalled(root)) return
  say('installing npm packages')
  const [command, ...before] = npmCommand()
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  await run('installing npm packages', command, [...before, 'ci', ...flags], { cwd: root, env: environmentForNpm() })
}

export async function buildNative(root) {
  const build = join(root, 'build')
  if (!isUsableBuild(root, build)) rmSync(build, { recursive: true, force: true })
  if (!existsSync(build)) say('building the native addon')
  // Not "compile": that answers a compile error by building everything a second time.
  await run('building the native addon', process.execPath, [join(root, 'node_modules/cmake-js/bin/cmake-js'), 'build'], { cwd: root })
}

export async function buildTypeScript(root) {
  if (!existsSync(join(root, 'dist'))) say('compiling TypeScript')
  for (const project of ['tsconfig.json', page]) {
    await run('compiling TypeScript', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: root })
  }
  for (const file of ['page.html', 'page.css']) copyFileSync(join(root, page, file), join(root, 'dist/cli/page', file))
}

/** Compares package-lock.json with npm's own record of what node_modules holds. */
function isLockInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  if (wanted === null || installed === null) return false
  delete wanted[''] // the project itself
  return (
    Object.entries(wanted).every(([path, entry]) => {
      const present = installed[path]
      if (present === undefined) return entry.optional === true || entry.devOptional === true // made for another platform
      return present.version === entry.version && present.integrity === entry.integrity && existsSync(join(root, path))
    }) && Object.keys(installed).every((path) => path in wanted)
  )
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/**
 * Whether cmake-js can go on in this folder. It takes a CMakeCache.txt for a finished configuration, so one that was interrupted, or
 * made for a checkout in another place, would fail for ever.
 */
function isUsableBuild(root, build) {
  const cache = join(build, 'CMakeCache.txt')
  if (!existsSync(cache)) return !existsSync(build)
  const source = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1]
  const isFinished = existsSync(join(build, 'build.ninja')) || existsSync(join(build, 'Makefile'))
  return isFinished && source !== undefined && existsSync(source) && realpathSync(source) === realpathSync(root)
}

/** The npm that started us, so that its version is the one the user chose; else the one on the path. */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running?.endsWith('npm-cli.js')) return [process.execPath, running]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * `npm run` hands its own state down as variables: what describes the running script, or chooses another folder or a smaller set of
 * packages, must not reach the inner npm. Registry, proxy and certificate settings must.
 */
function environmentForNpm() {
  const stateOfOuterRun =
    /^npm_(lifecycle_|package_|command$|config_(local_prefix|global|location|dry_run|omit|only|production|workspaces?|package_lock|package_lock_only|json)$)/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !stateOfOuterRun.test(name)))
}
