// A packaged program as a process, used by plain requests and form posts, as a browser without scripts does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
export const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');

/** The program of a package, by its architecture as Linux names it: x86_64 or aarch64. */
export const programFor = (architecture) => join(TARGET, 'package', architecture, 'tocsin');

const ADMIN = { name: 'admin', address: 'carol@example.test', password: 'a long administrator password' };

export class Program {
  #child;
  #cookie = '';

  constructor(command, data) {
    this.command = command;
    this.data = data;
    this.errors = '';
  }

  /** Starts one in a new data directory. `command` is the program, after what it needs to run here. */
  static async start(command) {
    const program = new Program(command, await mkdtemp(join(tmpdir(), 'tocsin-packaged-')));
    await program.#serve();
    return program;
  }

  async #serve() {
    this.#child = this.#spawn(['serve', '--data', this.data, '--listen', '127.0.0.1:0'], ['ignore', 'pipe', 'pipe']);
    let output = '';
    this.#child.stderr.on('data', (data) => { this.errors += data; });
    await new Promise((ready, failed) => {
      this.#child.stdout.on('data', (data) => {
        output += data;
        this.url = /^Tocsin runs at (\S+)\n/m.exec(output)?.[1];
        this.setUpCode = /^Set-up code: (\S+)\n/m.exec(output)?.[1];
        if (this.url && this.setUpCode) ready();
      });
      this.#child.once('error', failed);
      this.#child.once('exit', (code) => failed(new Error(`tocsin ended (exit code ${code}):\n${this.errors}`)));
    });
  }

  #spawn(args, stdio) {
    const [first, ...others] = [...this.command, ...args];
    return spawn(first, others, { stdio });
  }

  /** Runs another command of the program on the same data; throws what it said if it fails. */
  async run(...args) {
    const child = this.#spawn([...args, '--data', this.data], ['ignore', 'ignore', 'pipe']);
    let said = '';
    child.stderr.on('data', (data) => { said += data; });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`tocsin ${args.join(' ')} ended with ${code}: ${said}`);
  }

  get(path, headers = {}) {
    return fetch(this.url + path, { headers: { accept: 'text/html', ...(this.#cookie && { cookie: this.#cookie }), ...headers } });
  }

  /** Sends a form, as `{ name: value }` or `{ 'form[name]': value }`; throws unless the answer leads on without a complaint. */
  async submit(path, fields) {
    const headers = { accept: 'text/html', origin: this.url, referer: `${this.url}/`, ...(this.#cookie && { cookie: this.#cookie }) };
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: new URLSearchParams(fields), redirect: 'manual' });
    const to = answer.headers.get('location') ?? '';
    if (answer.status !== 302 || /[?&]__err=/.test(to)) throw new Error(`${path}: ${answer.status} ${to} ${await answer.text()}`);
    const session = answer.headers.getSetCookie().map((line) => line.split(';')[0]).find((pair) => pair.includes('session'));
    if (session) this.#cookie = session;
    return to;
  }

  /** Creates the administrator, who is signed in from then on. */
  setUp() {
    return this.submit('/api/set-up', { code: this.setUpCode, ...ADMIN });
  }

  async stop() {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.data, { recursive: true, force: true });
  }
}
