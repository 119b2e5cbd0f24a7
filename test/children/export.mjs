// Exports clips as its argument says, on two workers, and prints the report, or the error that there was instead.
import { Engine } from '../../dist/index.js'

const { source, clips, options } = JSON.parse(process.argv[2] ?? '')
const engine = new Engine({ workers: 2, cache: false })
try {
  console.log(JSON.stringify({ report: await engine.exportClips(source, clips, options) }))
} catch (error) {
  console.log(JSON.stringify({ error: { code: error.code, message: error.message } }))
}
await engine.close()
