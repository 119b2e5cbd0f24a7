// The entry of a process that is measured: one request in, one answer out, until its parent goes away or ends it.
import { parseRequest, type Message, type OpenRequest, type Replies, type Request } from '../tune/measuring.js'
import { benchJobs } from './bench-jobs.js'
import { makeClip } from './clip.js'
import { Session } from './session.js'

let session: Session | undefined

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
      return makeClip(request, (done) => send({ type: 'progress', done }))
  }
}

async function open(request: OpenRequest): Promise<Replies['open']> {
  const job = benchJobs.get(request.job)
  if (job === undefined) throw new TypeError(`Expected a job that can be measured but received "${request.job}"`)
  session = new Session(job, request)
  return { sources: await session.describe(request.files) }
}

function opened(): Session {
  if (session === undefined) throw new TypeError('Expected "open" before any other request')
  return session
}

async function take(message: unknown): Promise<void> {
  try {
    send({ type: 'reply', value: await answer(parseRequest(message)) })
  } catch (error) {
    send(failureOf(error))
  }
}

function failureOf(error: unknown): Message {
  if (!(error instanceof Error)) return { type: 'failure', name: 'Error', code: '', message: String(error) }
  const code: unknown = Reflect.get(error, 'code')
  return { type: 'failure', name: error.name, code: typeof code === 'string' ? code : '', message: error.message }
}

function send(message: Message): void {
  process.send?.(message)
}

process.on('message', (message) => void take(message))
process.on('disconnect', () => process.exit())
// A signal for the whole group is for the parent to act on: it ends this process.
process.on('SIGINT', () => undefined)
