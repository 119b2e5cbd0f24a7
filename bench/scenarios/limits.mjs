// The recommendation under limits: one CPU of several, a CPU quota, and a memory limit that is too small for a second worker.
// @ts-check
import { basename } from 'node:path'
import { onCpus, withCpuQuota } from '../limited.mjs'
import { benchCommand, recommendation } from '../recommendations.mjs'
import { figure, verify } from '../result.mjs'

/** @type {import('../scenario-list.mjs').Scenario} */
export const limitsScenario = { name: 'limits', run: measureLimits }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureLimits({ media, say }) {
  const file = await media.short()
  const command = benchCommand([file, '--quick'])
  const free = await recommendation(command)
  say(`without limits: ${free.workers}x${free.codecThreads}`)

  const pinned = await recommendation(onCpus('0', command))
  verify(pinned.limits.cpus === 1, 'the affinity mask of one CPU is seen')
  const quota = await withCpuQuota(1, (wrap) => recommendation(wrap(command)))
  if (quota === null) say('no CPU quota can be set here: that part is left out')
  else verify(quota.limits.cpuQuota === 1, 'the CPU quota of 1 is seen')

  const single = free.measurements.filter(({ workers, codecThreads }) => workers * codecThreads === 1)
  const others = free.measurements.filter(({ workers, codecThreads }) => workers * codecThreads > 1)
  const least = Math.max(...single.map(({ peakRssBytes }) => peakRssBytes))
  const next = Math.min(...others.map(({ peakRssBytes }) => peakRssBytes))
  /** @type {import('../result.mjs').Figure[]} */
  const small = []
  let said = 'without a second configuration on this host, the memory limit was left out'
  if (least < next) {
    const limit = Math.round((least + next) / 2)
    const answer = await recommendation(benchCommand([file, '--quick', '--memory-limit', String(limit)]))
    const why = answer.explanation.find((sentence) => sentence.includes('memory limit'))
    verify(why !== undefined, 'the answer says that the memory limit is why')
    said = `with a memory limit of ${(limit / 1e6).toFixed(0)} MB it says: ${why}`
    small.push(
      figure(
        `workers x codec threads recommended with a memory limit of ${(limit / 1e6).toFixed(0)} MB`,
        '',
        [answer.workers * answer.codecThreads],
        { atMost: 1 },
      ),
    )
  }
  return {
    scenario: 'limits',
    title: 'Recommendation under limits',
    subject: `framemill bench ${basename(file)} --quick, ${free.limits.cpus} CPUs without limits, where it recommends ${free.workers}x${free.codecThreads}`,
    checks: ['the limits it reports are those it was given', said],
    figures: [
      figure('workers recommended on one CPU (taskset -c 0)', '', [pinned.workers], { atMost: 1 }),
      ...(quota === null ? [] : [figure('workers recommended with a CPU quota of 1', '', [quota.workers], { atMost: 1 })]),
      ...small,
    ],
  }
}
