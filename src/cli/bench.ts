// Owns the command line of `framemill bench`: its flags, their help, and the examples.
import type { Command } from 'commander'
import * as value from './flag-values.js'
import type { BenchFlags } from './bench-job.js'
import type { Session } from './session.js'

const examples = `
Examples:
  framemill bench                                  how many workers suit this host, measured with a generated clip
  framemill bench talk.mp4 --quick                 the same for a video of yours, in about ten seconds
  framemill bench --save                           and keep the answer: engines take it from then on
  framemill bench --predict 4,8,16 --chart b.svg   what other hosts could do; a picture of it all

Measure on a host that has nothing else to do. The answer holds for this host, its CPU and memory limits and these versions.
Exit codes: 0 done, 1 the measuring failed, 2 misuse, 130 interrupted.`

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addBenchCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  program
    .command('bench')
    .summary('measure this host and recommend how many workers to run')
    .description('Measures this host: how many workers and codec threads are best for a job, how sure that is, and what limits it.')
    .argument('[files...]', 'videos to answer for (default: a generated clip typical of the job)')
    .option('--job <job>', 'sample, or all (default)')
    .option('--quick', 'about 10 seconds instead of about 60 on a few idle CPUs, and less certain')
    .option(
      '--memory-limit <size>',
      'recommend nothing that needs more, such as 4G, if anything fits (default: what the host grants)',
      value.byteSize,
    )
    .option('--predict <cpus>', 'throughput to expect of hosts with so many CPUs (256 at most), separated by commas', value.countList(256))
    .option('--save', 'keep the answer for engines of this user on this host')
    .option('--chart <file.svg>', 'draw throughput against workers; needs the packages vega and vega-lite')
    .option('--json', 'the recommendation as one line of JSON on stdout')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', examples)
    .action(async (files: string[], flags: BenchFlags) => {
      const { runBench } = await import('./bench-job.js')
      setExitCode(await runBench(files, flags, session))
    })
}
