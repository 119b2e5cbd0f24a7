// Run with --expose-gc: opens clip makers, drops them (closed, in the middle of a clip, or finished), and says how many were
// collected and how many files are open more than before. Ends with one more open.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadBinding } from '../../dist/native/binding.js'

const [folder] = process.argv.slice(2)
const binding = loadBinding()
const count = 12
let collected = 0
const registry = new FinalizationRegistry(() => {
  collected++
})

function open(number) {
  const maker = new binding.ClipMaker({
    path: join(folder, `dropped-${number}.mp4`),
    width: 160,
    height: 90,
    frameRateNumerator: 25,
    frameRateDenominator: 1,
    seed: number,
    sceneFrames: 10,
    pieceFrames: 60,
    loops: 1,
    encoder: number % 2 === 0 ? '' : 'mpeg4',
    keyInterval: 0,
    bFrames: 2,
    threads: 2,
  })
  if (number % 4 > 0) maker.step(50)
  if (number % 4 === 2) maker.close()
  if (number % 4 === 3) maker.finish()
  registry.register(maker, number)
  return maker
}

const openFiles = () => readdirSync('/dev/fd').length
const before = openFiles()
for (let number = 0; number < count; number++) open(number)
for (let turn = 0; turn < 1000 && collected < count; turn++) {
  globalThis.gc()
  await new Promise((resolve) => setImmediate(resolve))
}
console.log(`collected ${collected} of ${count}, ${openFiles() - before} files more are open`)
globalThis.maker = open(count + 1)
