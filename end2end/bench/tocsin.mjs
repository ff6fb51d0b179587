// The release build of Tocsin as a process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { BINARY } from './places.mjs';
import { resident } from './memory.mjs';

export class Tocsin {
  #child;

  constructor(child, url) {
    this.#child = child;
    this.url = url;
  }

  /** Starts it on a data directory; ready when it says where it runs. */
  static async start(run, folder) {
    const log = openSync(join(run.logs, 'tocsin.log'), 'a');
    const child = spawn(BINARY, ['serve', '--data', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', log] });
    // However this process ends, so does that one.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    let output = '';
    const url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (data) => {
        output += data;
        const told = /^Tocsin runs at (\S+)\n/m.exec(output);
        if (told) resolve(told[1]);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`tocsin ended (exit code ${code}); see ${run.logs}`)));
    });
    return new Tocsin(child, url);
  }

  get memory() {
    return resident(this.#child.pid);
  }

  /** The cookie of a session. */
  async signIn({ name, password }) {
    const answer = await this.submit('/api/sign-in', { name, password, to: '/' });
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).find((pair) => pair.includes('session'));
    if (!cookie) throw new Error(`the sign-in was answered by ${answer.status}: ${await answer.text()}`);
    return cookie;
  }

  /** Sends a page's form, as a browser without scripts does. */
  submit(path, fields, cookie) {
    const headers = { accept: 'text/html', origin: this.url, ...(cookie && { cookie }) };
    return fetch(this.url + path, { method: 'POST', headers, body: new URLSearchParams(fields), redirect: 'manual' });
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
