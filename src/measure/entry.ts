// The entry of a process that is measured: one request in, one answer out, until its parent goes away or ends it.
import { parseRequest, type Message, type OpenRequest, type Replies, type Request } from '../tune/measuring.js'
import { makeClip } from './clip.js'
import { MeasuredEngine } from './measured-engine.js'
import { measuredJob } from './measured-jobs.js'

let measured: MeasuredEngine | undefined

async function answer(request: Request): Promise<Replies[keyof Replies]> {
  switch (request.kind) {
    case 'open':
      return open(request)
    case 'prove':
      return opened().prove(request.work)
    case 'measure':
      return opened().measure(request.work)
    case 'predict':
      return opened().predict(request)
    case 'makeClip':
      return makeClip(measuredJob(request.job), request, (done) => send({ type: 'progress', done }))
  }
}

async function open(request: OpenRequest): Promise<Replies['open']> {
  measured = new MeasuredEngine(measuredJob(request.job), request)
  return { sources: await measured.describe(request.files) }
}

function opened(): MeasuredEngine {
  if (measured === undefined) throw new TypeError('Expected "open" before any other request')
  return measured
}

async function take(message: unknown): Promise<void> {
  try {
    send({ type: 'reply', value: await answer(parseRequest(message)) })
  } catch (error) {
    send(failureOf(error))
  }
}

function failureOf(error: unknown): Message {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const [code, path, call, avError] = ['code', 'path', 'call', 'avError'].map((key): unknown =>
    error instanceof Error ? Reflect.get(error, key) : undefined,
  )
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const failure = { name, code: text(code) ?? '', message, path: text(path), call: text(call) }
  return { type: 'failure', failure: { ...failure, avError: typeof avError === 'number' ? avError : null } }
}

/** Whether it arrives is the parent's concern: with it gone, "disconnect" ends this process. */
function send(message: Message): void {
  process.send?.(message, undefined, undefined, () => undefined)
}

process.on('message', (message) => void take(message))
process.on('disconnect', () => process.exit())
// A signal for the whole group is for the parent to act on: it ends this process.
process.on('SIGINT', () => undefined)
