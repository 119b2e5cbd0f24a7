// Owns what must come from the operating system: a C++ toolchain, FFmpeg's libraries with headers, and its two commands.

import { capture, isOnPath, run, say, SetupError } from './command.mjs'

// python3 and make serve node-gyp, the second way to build the addon; the tests take both.
const programs = [
  { name: 'a C++ compiler', anyOf: ['c++', 'g++', 'clang++'], debian: 'g++', brew: null },
  { name: 'make', anyOf: ['make'], debian: 'make', brew: null },
  { name: 'python3', anyOf: ['python3'], debian: 'python3', brew: null },
  { name: 'cmake', anyOf: ['cmake'], debian: 'cmake', brew: 'cmake' },
  { name: 'ninja', anyOf: ['ninja'], debian: 'ninja-build', brew: 'ninja' },
  { name: 'pkg-config', anyOf: ['pkg-config'], debian: 'pkg-config', brew: 'pkg-config' },
  { name: 'ffmpeg', anyOf: ['ffmpeg'], debian: 'ffmpeg', brew: 'ffmpeg' },
  { name: 'ffprobe', anyOf: ['ffprobe'], debian: 'ffmpeg', brew: 'ffmpeg' },
]

// The versions of FFmpeg 5.1.
const libraries = [
  { name: 'libavformat', atLeast: '59.27' },
  { name: 'libavcodec', atLeast: '59.37' },
  { name: 'libavutil', atLeast: '57.28' },
  { name: 'libavfilter', atLeast: '8.44' },
  { name: 'libswscale', atLeast: '6.7' },
].map((library) => ({ ...library, debian: `${library.name}-dev`, brew: 'ffmpeg' }))

/** Makes sure of all of the above: installs with apt where that needs no password, else throws one line that says what to run. */
export async function ensureSystemPackages() {
  const missing = await findMissing()
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name).join(', ')
  if (process.platform === 'darwin') throw new SetupError(`missing ${names}; run: ${brewCommand(missing)}`)
  if (process.platform !== 'linux' || !isOnPath('apt-get')) {
    throw new SetupError(`missing ${names}; install them with this system's package manager (FFmpeg 5.1 or newer, with headers)`)
  }
  await installWithApt(unique(missing.map(({ debian }) => debian)), names)
  const still = await findMissing()
  if (still.length > 0) throw new SetupError(`still missing after installing packages: ${still.map(({ name }) => name).join(', ')}`)
}

async function findMissing() {
  const missing = programs.filter(({ anyOf }) => !anyOf.some(isOnPath))
  const checked = await Promise.all(libraries.map(async (library) => ({ ...library, problem: await findProblem(library) })))
  return [...missing, ...checked.filter(({ problem }) => problem !== null).map((library) => ({ ...library, name: library.problem }))]
}

/** Null when the library is there and new enough, else a phrase that names it. */
async function findProblem({ name, atLeast }) {
  const { code, output } = await capture('pkg-config', ['--modversion', name])
  if (code !== 0) return name
  const found = output.trim()
  return isAtLeast(found, atLeast) ? null : `${name} ${atLeast} or newer (FFmpeg 5.1; found ${found})`
}

async function installWithApt(packages, names) {
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages]
  const prefix = process.getuid() === 0 ? [] : (await capture('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : null
  if (prefix === null) {
    const line = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
    throw new SetupError(`missing ${names}; run: ${line}`)
  }
  say(`installing system packages: ${packages.join(' ')}`)
  const [command, ...before] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  const update = await capture(command, [...before, 'update'])
  // One unreachable extra repository fails the update and may not matter: the installation decides.
  if (update.code !== 0) say(`apt-get update: ${update.output.trim().split('\n').at(-1) ?? ''}`)
  await run('installing system packages', command, [...before, ...install])
}

function brewCommand(missing) {
  const formulas = unique(missing.map(({ brew }) => brew).filter((formula) => formula !== null))
  const parts = missing.some(({ brew }) => brew === null) ? ['xcode-select --install'] : []
  if (formulas.length > 0) parts.push(`brew install ${formulas.join(' ')}`)
  return parts.join(' && ')
}

/** Compares dotted numbers; a missing part counts as 0. */
export function isAtLeast(version, minimum) {
  const [actual, wanted] = [version, minimum].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  const length = Math.max(actual.length, wanted.length)
  const difference = Array.from({ length }, (_, i) => (actual[i] ?? 0) - (wanted[i] ?? 0)).find((value) => value !== 0)
  return (difference ?? 0) >= 0
}

function unique(values) {
  return [...new Set(values)]
}
