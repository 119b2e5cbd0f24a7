// A headless Chromium, driven through its debugging pipe: JSON messages that end with a zero byte, on descriptors 3 and 4.
import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Readable, Writable } from 'node:stream'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export function browserOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

type Params = Record<string, unknown>

interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: Params
  readonly result?: Params
  readonly error?: { readonly message: string }
}

export class Browser {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #toBrowser: Writable
  readonly #waiting = new Map<number, { resolve: (result: Params) => void; reject: (error: Error) => void }>()
  readonly #listeners: ((message: Message) => void)[] = []
  readonly #exited: Promise<void>
  #lastId = 0

  constructor(path: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'framemill-chromium-'))
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars']
    this.#process = spawn(path, [...flags, '--remote-debugging-pipe', `--user-data-dir=${this.#profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const [, , , toBrowser, fromBrowser] = this.#process.stdio
    if (!(toBrowser instanceof Writable) || !(fromBrowser instanceof Readable)) throw new Error('There is no pipe to the browser')
    this.#toBrowser = toBrowser.on('error', () => undefined) // a browser that has ended says so below
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('The browser has ended'))
        resolve()
      })
    })
    let rest = Buffer.alloc(0)
    fromBrowser.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
        this.#receive(JSON.parse(rest.subarray(0, end).toString()))
        rest = rest.subarray(end + 1)
      }
    })
  }

  async open(size: { width: number; height: number; isDark?: boolean }): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(this, String(sessionId))
    await page.prepare(size)
    return page
  }

  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#toBrowser.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    })
  }

  listen(listener: (message: Message) => void): void {
    this.#listeners.push(listener)
  }

  /** The browser is asked to end, so that its other processes have ended too when its folder goes. */
  async close(): Promise<void> {
    await this.send('Browser.close').catch(() => undefined)
    await this.#exited
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }

  #receive(message: Message): void {
    if (message.id === undefined) return this.#listeners.forEach((listener) => listener(message))
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error === undefined) waiting?.resolve(message.result ?? {})
    else waiting?.reject(new Error(message.error.message))
  }
}

export class Page {
  /** What the console, the page's errors and the browser's log said. */
  readonly complaints: string[] = []
  /** Everything the page asked for, itself included. */
  readonly requests: string[] = []
  readonly #browser: Browser
  readonly #session: string
  #onLoad: () => void = () => undefined

  constructor(browser: Browser, session: string) {
    this.#browser = browser
    this.#session = session
    browser.listen(({ sessionId, method, params = {} }) => {
      if (sessionId !== session) return
      if (method === 'Page.loadEventFired') this.#onLoad()
      if (method === 'Network.requestWillBeSent') this.requests.push(String(Object(params['request']).url))
      if (method === 'Runtime.exceptionThrown' || method === 'Runtime.consoleAPICalled' || method === 'Log.entryAdded') {
        this.complaints.push(JSON.stringify(params))
      }
    })
  }

  async prepare({ width, height, isDark = false }: { width: number; height: number; isDark?: boolean }): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`)
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }] })
    await this.send('Emulation.setFocusEmulationEnabled', { enabled: true })
  }

  send(method: string, params: Params = {}): Promise<Params> {
    return this.#browser.send(method, params, this.#session)
  }

  /** Resolves when the page and its pictures are loaded. */
  async goto(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => (this.#onLoad = resolve))
    await this.send('Page.navigate', { url })
    await loaded
  }

  /** The value of an expression, a promise's once it is settled. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true })
    if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']))
    return Object(answer['result']).value
  }

  /** Resolves once the expression is true, looked at for each frame of the screen. */
  async until(expression: string): Promise<void> {
    await this.evaluate(`new Promise((done) => { const look = () => (${expression}) ? done() : requestAnimationFrame(look); look() })`)
  }

  async move(x: number, y: number): Promise<void> {
    await this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y })
  }

  async click(x: number, y: number): Promise<void> {
    await this.move(x, y)
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 })
    }
  }

  async press(key: string, text?: string): Promise<void> {
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...(text === undefined ? {} : { text }) })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key })
  }

  /** A PNG of the whole page. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true })
    return Buffer.from(String(data), 'base64')
  }
}
