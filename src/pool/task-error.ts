// Owns turning a task's failure back into the error a user sees: what was tried, on what, why, in which call.
import { VideoError } from '../errors.js'
import type { Task, TaskFailure } from '../tasks.js'

const attempts: Record<Task['kind'], string> = {
  probe: 'open',
  scan: 'read the packets of',
  survey: 'decode',
  sample: 'sample',
  'analyze-pictures': 'analyze pictures of',
  'measure-changes': 'analyze pictures of',
  'analyze-sound': 'analyze the sound of',
  'encode-pictures': 'encode pictures of',
  'encode-sound': 'encode the sound of',
  'encode-subtitles': 'encode subtitles of',
  'write-file': 'write a clip of',
  inspect: 'read key frames of',
  compare: 'check a clip of',
}

export function taskError(failure: TaskFailure, task: Task): VideoError {
  const path = task.source.name
  const where = failure.call === '' ? '' : ` (${failure.call})`
  const code = failure.code === 'CANCELLED' ? 'ERR_CLOSED' : failure.code
  return new VideoError(code, `Cannot ${attempts[task.kind]} "${path}": ${failure.message}${where}`, {
    path,
    call: failure.call === '' ? undefined : failure.call,
    avError: failure.avError === 0 ? undefined : failure.avError,
  })
}
