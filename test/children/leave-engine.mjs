// Makes an engine and leaves it as the first argument says; the process must end by itself.
import { Engine } from '../../dist/index.js'

const [way, path] = process.argv.slice(2)
const engine = new Engine({ workers: 2, cache: false })

const ways = {
  unused: () => undefined,
  idle: async () => {
    for await (const frame of engine.sample(path, { count: 3 })) frame.release()
  },
  unfinished: async () => {
    globalThis.frames = engine.sample(path, { all: true })
    const { value } = await globalThis.frames.next()
    globalThis.frame = value.keep()
  },
  running: () => {
    void engine.sampleBatch(path, { all: true })
  },
  exit: async () => {
    const frames = engine.sample(path, { all: true })
    await frames.next()
    process.exit(0)
  },
  closed: () => engine.close(),
  thrown: async () => {
    for await (const frame of engine.sample(path, { all: true })) throw new Error(`stopped at ${frame.number}`)
  },
}

await ways[way]?.()
console.log(way)
