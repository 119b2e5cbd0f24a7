import { describe, expect, it } from 'vitest'
import { figure, verify, type Result } from '../../bench/result.mjs'
import { runApart, takeTurns } from '../../bench/turns.mjs'

function resultOf(scenario: string): Result {
  return { scenario, title: scenario, subject: 'nothing', checks: ['all is well'], figures: [figure('time', 's', [1])] }
}

describe('scenarios in turn', () => {
  it('keep what was proven and nothing of what was not, in whichever order', async () => {
    for (const names of [
      ['bad', 'good'],
      ['good', 'bad'],
    ]) {
      const kept: string[] = []
      const said: string[] = []
      const run = async (name: string): Promise<Result> => {
        const result = resultOf(name)
        verify(name === 'good', `${name} is good`)
        return result
      }
      const failed = await takeTurns(
        names,
        run,
        ({ scenario }) => kept.push(scenario),
        (line) => said.push(line),
      )
      expect(failed).toBe(1)
      expect(kept).toEqual(['good'])
      expect(said).toContain('bad: went wrong, no figures: Not so: bad is good')
    }
  })

  it('keep nothing of what was left out, which is no failure', async () => {
    const said: string[] = []
    const failed = await takeTurns(
      ['vp9'],
      async (scenario) => ({ scenario, skipped: 'no encoder' }),
      () => expect.unreachable(),
      (line) => said.push(line),
    )
    expect(failed).toBe(0)
    expect(said).toContain('vp9: left out, no encoder')
  })

  it('have gone wrong when their process says so', async () => {
    const turn = { name: 'speed-of-light', quick: true, pairs: 1, file: null, media: '' }
    await expect(runApart(turn)).rejects.toThrow('there is no scenario "speed-of-light"')
  })

  it('have gone wrong when their process ends without a word', async () => {
    const before = process.env['NODE_OPTIONS']
    process.env['NODE_OPTIONS'] = `--import=${encodeURI('data:text/javascript,process.exit(7)')}`
    try {
      const turn = { name: 'leak', quick: true, pairs: 1, file: null, media: '' }
      await expect(runApart(turn)).rejects.toThrow('exit code 7 and without a result')
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS']
      else process.env['NODE_OPTIONS'] = before
    }
  })
})
