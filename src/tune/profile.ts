// Owns the profile: what was measured on this host, kept for engines to come. It holds for the host, FFmpeg and framemill it was measured
// with, and for no other.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { VideoError } from '../errors.js'
import { makeFolder, userFolder } from '../user-folders.js'
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

/** The best configurations measured for one job. */
export interface JobProfile {
  /** For many files at once: what engines take. */
  readonly throughput: Configuration
  /** For one file that somebody waits for. */
  readonly latency: Configuration
}

export interface Profile {
  readonly host: HostIdentity
  /** ISO 8601. */
  readonly measuredAt: string
  readonly jobs: Readonly<Record<string, JobProfile>>
}

/** A profile that may be used, or why there is none. `note` is null where nothing was ever saved. */
export type FoundProfile = { readonly profile: Profile } | { readonly profile: null; readonly note: string | null }

const configuration = z.strictObject({ workers: z.number().int().min(1), codecThreads: z.number().int().min(1) })
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
  jobs: z.record(z.string(), z.strictObject({ throughput: configuration, latency: configuration })),
})

/** `ffmpeg`: the version of the libraries that the addon is linked to. */
export function hostIdentity({ cpus: count, cpuQuota, memoryBytes }: HostLimits, ffmpeg: string): HostIdentity {
  return { cpuModel: cpus()[0]?.model.trim() ?? 'unknown', cpus: count, cpuQuota, memoryBytes, ffmpeg, framemill: packageVersion() }
}

export function profilePath(folder: string = userFolder('config')): string {
  return join(folder, 'profile.json')
}

/** Never throws: a profile that cannot be used is no profile, with a note that says why. */
export function readProfile(host: HostIdentity, path: string = profilePath()): FoundProfile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return { profile: null, note: null }
  }
  const ignored = (why: string): FoundProfile => ({
    profile: null,
    note: `Ignoring the profile ${path}: ${why}; measure again with: framemill bench --save`,
  })
  const parsed = parse(text)
  if (parsed === null) return ignored('it is damaged')
  const difference = differenceOf(parsed.host, host)
  return difference === null ? { profile: parsed } : ignored(difference)
}

/**
 * Keeps what was measured, beside what the profile already says of other jobs on the same host. Gives the profile's path.
 * @throws VideoError ERR_IO
 */
export async function saveProfile(host: HostIdentity, jobs: Profile['jobs'], path: string = profilePath()): Promise<string> {
  const found = readProfile(host, path)
  const profile: Profile = { host, measuredAt: new Date().toISOString(), jobs: { ...found.profile?.jobs, ...jobs } }
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await makeFolder(join(path, '..'))
    await writeFile(temporary, `${JSON.stringify(profile, null, 2)}\n`)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new VideoError('ERR_IO', `Cannot save the profile "${path}": ${why}`, { path, cause })
  }
  return path
}

function parse(text: string): Profile | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Memory limits differ by a few pages from boot to boot of the same host. */
const muchMemory = 0.05

function differenceOf(then: HostIdentity, now: HostIdentity): string | null {
  const said = (what: string, before: string | number, after: string | number): string =>
    `it was measured with ${what} ${before}, this is ${after}`
  const quota = (value: number | null): string => (value === null ? 'none' : String(value))
  if (then.cpuModel !== now.cpuModel) return said('the CPU', then.cpuModel, now.cpuModel)
  if (then.cpus !== now.cpus) return said('a number of CPUs of', then.cpus, now.cpus)
  if (then.cpuQuota !== now.cpuQuota) return said('a CPU quota of', quota(then.cpuQuota), quota(now.cpuQuota))
  if (Math.abs(then.memoryBytes - now.memoryBytes) > muchMemory * now.memoryBytes)
    return said('a memory limit of', `${Math.round(then.memoryBytes / 2 ** 20)} MiB`, `${Math.round(now.memoryBytes / 2 ** 20)} MiB`)
  if (then.ffmpeg !== now.ffmpeg) return said('FFmpeg', then.ffmpeg, now.ffmpeg)
  if (then.framemill !== now.framemill) return said('framemill', then.framemill, now.framemill)
  return null
}
