// Owns where this user's files belong on each system. Without a home there is still an answer, be it one nobody may write to.
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

/** `cache`: may be deleted at any time. `config`: what the user chose to keep. */
export type FolderKind = 'cache' | 'config'

const variables = {
  cache: { own: 'FRAMEMILL_CACHE_DIR', xdg: 'XDG_CACHE_HOME', dotFolder: '.cache', mac: 'Caches', windows: 'LOCALAPPDATA', local: 'Local' },
  config: {
    own: 'FRAMEMILL_CONFIG_DIR',
    xdg: 'XDG_CONFIG_HOME',
    dotFolder: '.config',
    mac: 'Application Support',
    windows: 'APPDATA',
    local: 'Roaming',
  },
} as const

/** framemill's folder: the one that FRAMEMILL_CACHE_DIR or FRAMEMILL_CONFIG_DIR names, else the system's place for it. */
export function userFolder(
  kind: FolderKind,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { own, xdg, dotFolder, mac, windows, local } = variables[kind]
  const path = platform === 'win32' ? win32 : posix
  const chosen = environment[own]
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen)
  if (platform === 'win32') {
    const told = environment[windows]
    return told === undefined || told === ''
      ? path.join(home(environment['USERPROFILE']), 'AppData', local, 'framemill')
      : path.join(told, 'framemill')
  }
  if (platform === 'darwin') return path.join(home(environment['HOME']), 'Library', mac, 'framemill')
  const base = environment[xdg]
  // The XDG base directory specification: relative paths are invalid and to be ignored.
  return base !== undefined && path.isAbsolute(base)
    ? path.join(base, 'framemill')
    : path.join(home(environment['HOME']), dotFolder, 'framemill')
}

function home(fromEnvironment: string | undefined): string {
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment
  try {
    return homedir()
  } catch {
    return '/' // a user id without an account; below the root it may not write
  }
}
