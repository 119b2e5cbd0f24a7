// Owns where a source is and what it may reach: a regular local file, or an http(s) URL. Opens nothing.
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expected, VideoError } from '../errors.js'
import type { TaskSource } from '../tasks.js'
import type { SourceFingerprint } from './index-cache.js'

/** A path, a `file:` URL, or an `http:` / `https:` URL. */
export type SourceInput = string | URL

export interface Location {
  /** As the user named it, for messages. */
  readonly name: string
  /** Absolute path of a local file; null for a URL. */
  readonly path: string | null
  /** What a disk cache may be keyed by; null for a URL. */
  readonly fingerprint: SourceFingerprint | null
  readonly task: TaskSource
}

// A local file may reach files and nothing else; a URL may reach the network and no file. Playlists add the protocols their
// segments commonly use.
const localProtocols = { alone: 'file', withPlaylists: 'file,crypto,data' }
const networkProtocols = { alone: 'http,https,tcp,tls', withPlaylists: 'http,https,tcp,tls,crypto,data' }

/** @throws VideoError ERR_NOT_FOUND, ERR_NOT_A_FILE, ERR_OPEN (empty), ERR_IO, ERR_REFUSED (another protocol) */
export async function locate(input: SourceInput, allowPlaylists: boolean): Promise<Location> {
  const name = input instanceof URL ? input.href : input
  if (typeof name !== 'string' || name === '') throw new TypeError(expected('a path or URL', 'source', input))
  if (name.includes('\0')) throw new TypeError(expected('a path without null bytes', 'source', name))
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(name)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') {
    const protocols = allowPlaylists ? networkProtocols.withPlaylists : networkProtocols.alone
    return { name, path: null, fingerprint: null, task: { url: name, protocols, allowPlaylists, identity: name, name } }
  }
  if (scheme !== undefined && scheme !== 'file') {
    throw new VideoError('ERR_REFUSED', `Cannot open "${name}": only files and http(s) URLs are read, not ${scheme}:`, { path: name })
  }
  const path = scheme === 'file' ? fileURLToPath(name) : resolve(name)
  const fingerprint = await fingerprintOf(name, path)
  const protocols = allowPlaylists ? localProtocols.withPlaylists : localProtocols.alone
  const identity = `${path}?${fingerprint.size}&${fingerprint.mtimeMs}`
  return { name, path, fingerprint, task: { url: `file:${path}`, protocols, allowPlaylists, identity, name } }
}

// Opening a FIFO or a device can block for ever inside libavformat, where no flag is looked at: refused by its type alone.
async function fingerprintOf(name: string, path: string): Promise<SourceFingerprint> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw statError(name, cause)
  })
  if (!facts.isFile()) {
    const kind = facts.isDirectory() ? 'a folder' : facts.isFIFO() ? 'a FIFO' : facts.isSocket() ? 'a socket' : 'a device'
    throw new VideoError('ERR_NOT_A_FILE', `Cannot open "${name}": it is ${kind}, not a regular file`, { path: name })
  }
  if (facts.size === 0) throw new VideoError('ERR_OPEN', `Cannot open "${name}": the file is empty`, { path: name })
  return { path, size: facts.size, mtimeMs: facts.mtimeMs }
}

function statError(name: string, cause: unknown): VideoError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const detail = { path: name, call: 'stat', cause }
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new VideoError('ERR_NOT_FOUND', `Cannot open "${name}": there is no such file`, detail)
  const why = cause instanceof Error ? cause.message : String(cause)
  return new VideoError('ERR_IO', `Cannot open "${name}": ${why}`, detail)
}
