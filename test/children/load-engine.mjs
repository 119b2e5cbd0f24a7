// Makes an engine and prints what that was refused with.
import { Engine } from '../../dist/index.js'

try {
  await new Engine({ workers: 1 }).close()
  console.log(JSON.stringify({ code: 'none', message: '' }))
} catch ({ code, message }) {
  console.log(JSON.stringify({ code, message }))
}
