// Owns the profile: what was measured on this host, kept for engines to come. It holds for the host, FFmpeg and framemill it was measured
// with, and for no other.
import { randomBytes } from 'node:crypto'
import { constants, readFileSync } from 'node:fs'
import { access, rename, rm, stat, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { VideoError } from '../errors.js'
import { makeFolder } from '../folders.js'
import { userFolder } from '../user-folders.js'
import { packageVersion } from '../version.js'
import type { Configuration } from './configuration.js'
import type { HostLimits } from './host-limits.js'

/** What a measurement holds for. */
export interface HostIdentity {
  readonly cpuModel: string
  readonly cpus: number
  readonly cpuQuota: number | null
  readonly memoryBytes: number
  readonly ffmpeg: string
  readonly framemill: string
}

/** The best configuration measured for one job, with many files at once. */
export interface JobProfile extends Configuration {
  /** Share of resamplings that give the same answer, 0 to 1. */
  readonly confidence: number
}

export interface Profile {
  readonly host: HostIdentity
  /** ISO 8601. */
  readonly measuredAt: string
  readonly jobs: Readonly<Record<string, JobProfile>>
}

/** A profile that may be used, or why there is none. `note` is null where nothing was ever saved. */
export type FoundProfile = { readonly profile: Profile; readonly path: string } | { readonly profile: null; readonly note: string | null }

const schema: z.ZodType<Profile> = z.strictObject({
  host: z.strictObject({
    cpuModel: z.string(),
    cpus: z.number(),
    cpuQuota: z.number().nullable(),
    memoryBytes: z.number(),
    ffmpeg: z.string(),
    framemill: z.string(),
  }),
  measuredAt: z.string(),
  jobs: z.record(
    z.string(),
    z.strictObject({ workers: z.number().int().min(1), codecThreads: z.number().int().min(1), confidence: z.number() }),
  ),
})
const fileSchema: z.ZodType<readonly Profile[]> = z.array(schema)
/** A home may be shared by several hosts, and one host be used under several limits. */
const mostProfiles = 32

/** `ffmpeg`: the version of the libraries that the addon is linked to. */
export function hostIdentity({ cpus: count, cpuQuota, memoryBytes }: HostLimits, ffmpeg: string): HostIdentity {
  return { cpuModel: cpus()[0]?.model.trim() ?? 'unknown', cpus: count, cpuQuota, memoryBytes, ffmpeg, framemill: packageVersion() }
}

export function profilePath(folder: string = userFolder('config')): string {
  return join(folder, 'profile.json')
}

/** Never throws: a profile that cannot be used is no profile, with a note that says why. */
export function readProfile(host: HostIdentity, path: string = profilePath()): FoundProfile {
  const profiles = readAll(path)
  if (profiles === null) return { profile: null, note: null }
  const ignored = (why: string): FoundProfile => ({
    profile: null,
    note: `Ignoring the profile ${path}: ${why}; measure again with: framemill bench --save`,
  })
  if (profiles === 'damaged') return ignored('it is damaged')
  const profile = profiles.find((one) => differenceOf(one.host, host) === null)
  if (profile !== undefined) return { profile, path }
  const [newest] = profiles
  return newest === undefined ? { profile: null, note: null } : ignored(differenceOf(newest.host, host) ?? '')
}

/**
 * Keeps what was measured, beside what is kept of other jobs and other hosts. Gives the profile's path.
 * @throws VideoError ERR_IO
 */
export async function saveProfile(host: HostIdentity, jobs: Profile['jobs'], path: string = profilePath()): Promise<string> {
  const kept = readAll(path)
  const profiles = kept === null || kept === 'damaged' ? [] : kept
  const earlier = profiles.find((one) => differenceOf(one.host, host) === null)
  const profile: Profile = { host, measuredAt: new Date().toISOString(), jobs: { ...earlier?.jobs, ...jobs } }
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  const others = profiles.filter((one) => one !== earlier).slice(0, mostProfiles - 1)
  try {
    await makeFolder(dirname(path))
    await writeFile(temporary, `${JSON.stringify([profile, ...others], null, 2)}\n`)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw cannotSave(path, cause)
  }
  return path
}

/**
 * For those who measure for a minute before they save.
 * @throws VideoError ERR_IO where a profile could not be kept
 */
export async function mustBeSavable(path: string = profilePath()): Promise<void> {
  try {
    await makeFolder(dirname(path))
    if (!(await stat(dirname(path))).isDirectory()) throw new Error(`"${dirname(path)}" is no folder`)
    await access(dirname(path), constants.W_OK)
    if ((await stat(path).catch(() => null))?.isDirectory() === true) throw new Error('it is a folder')
  } catch (cause) {
    throw cannotSave(path, cause)
  }
}

function cannotSave(path: string, cause: unknown): VideoError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new VideoError('ERR_IO', `Cannot save the profile "${path}": ${why}; FRAMEMILL_CONFIG_DIR names another folder`, { path, cause })
}

/** The newest first; null where nothing was saved. */
function readAll(path: string): readonly Profile[] | 'damaged' | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch {
    return 'damaged'
  }
}

/** Memory limits differ by a few pages from boot to boot of the same host. */
const muchMemory = 0.05

function differenceOf(then: HostIdentity, now: HostIdentity): string | null {
  const said = (what: string, before: string | number, after: string | number): string =>
    `it was measured with ${what} ${before}, here it is ${after}`
  const quota = (value: number | null): string => (value === null ? 'none' : String(value))
  if (then.cpuModel !== now.cpuModel) return said('the CPU', then.cpuModel, now.cpuModel)
  if (then.cpus !== now.cpus) return said('CPUs:', then.cpus, now.cpus)
  if (then.cpuQuota !== now.cpuQuota) return said('a CPU quota of', quota(then.cpuQuota), quota(now.cpuQuota))
  if (Math.abs(then.memoryBytes - now.memoryBytes) > muchMemory * now.memoryBytes)
    return said('a memory limit of', `${Math.round(then.memoryBytes / 2 ** 20)} MiB`, `${Math.round(now.memoryBytes / 2 ** 20)} MiB`)
  if (then.ffmpeg !== now.ffmpeg) return said('FFmpeg', then.ffmpeg, now.ffmpeg)
  if (then.framemill !== now.framemill) return said('framemill', then.framemill, now.framemill)
  return null
}
