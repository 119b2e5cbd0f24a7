import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { inlinedScript } from '../../src/cli/page-script.js'

const folder = mkdtempSync(join(tmpdir(), 'framemill-script-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(modules: Readonly<Record<string, string>>): URL {
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  return pathToFileURL(join(folder, 'entry.js'))
}

describe('modules in one script', () => {
  it('see what they import, under the names they gave it, and nothing else of each other', () => {
    const script = inlinedScript(
      written({
        'entry.js':
          "import { next, Counter as Other } from './counter.js';\nimport { step } from './step.js';\nconst own = 100;\nanswer(own + next(1) + new Other().at + step);\n",
        'counter.js':
          "import { step } from './step.js';\nconst own = 1;\nexport function next(value) {\n    return value + own + step;\n}\nexport class Counter {\n    at = own;\n}\n",
        'step.js': 'calls();\nexport const step = 10;\n//# sourceMappingURL=step.js.map\n',
      }),
    )
    let [answer, calls] = [0, 0]
    runInNewContext(script, { answer: (value: number) => (answer = value), calls: () => calls++ })
    expect(answer).toBe(100 + 12 + 1 + 10)
    expect(calls).toBe(1) // a module that two others import is one module
    expect(script).not.toContain('sourceMappingURL')
  })
})
