// Owns running commands under limits: on some CPUs only, or with a share of CPU time.
// @ts-check
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where cgroups that limit CPU time can be made, version 1 or 2. */
const tops = [
  { folder: '/sys/fs/cgroup/cpu', file: 'cpu.cfs_quota_us', text: (/** @type {number} */ quotaUs) => String(quotaUs) },
  { folder: '/sys/fs/cgroup', file: 'cpu.max', text: (/** @type {number} */ quotaUs) => `${quotaUs} ${periodUs}` },
]
const periodUs = 100_000

/** @param {string} cpus as taskset has it @param {import('./measure.mjs').Command} command @returns {import('./measure.mjs').Command} */
export function onCpus(cpus, { program, args }) {
  return { program: 'taskset', args: ['-c', cpus, program, ...args] }
}

/**
 * Runs `use` with a command that is wrapped so that it and its children get `cpus` CPUs' worth of time per second; null where this user
 * may not make such a limit.
 * @template Value
 * @param {number} cpus
 * @param {(wrap: (command: import('./measure.mjs').Command) => import('./measure.mjs').Command) => Promise<Value>} use
 * @returns {Promise<Value | null>}
 */
export async function withCpuQuota(cpus, use) {
  const group = makeGroup(Math.round(cpus * periodUs))
  if (group === null) return null
  try {
    const script = `echo $$ > '${join(group, 'cgroup.procs')}' && exec "$@"`
    return await use(({ program, args }) => ({ program: '/bin/sh', args: ['-c', script, 'sh', program, ...args] }))
  } finally {
    rmdirSync(group)
  }
}

/** @param {number} quotaUs @returns {string | null} its folder */
function makeGroup(quotaUs) {
  for (const { folder, file, text } of tops) {
    const group = join(folder, `framemill-bench-${process.pid}-${quotaUs}`)
    try {
      mkdirSync(group)
      if (existsSync(join(group, file))) {
        writeFileSync(join(group, file), text(quotaUs))
        return group
      }
      rmdirSync(group)
    } catch {
      if (existsSync(group)) rmdirSync(group)
    }
  }
  return null
}
