// The release build of Tocsin, run as a person runs it: a process with a data directory of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Servers } from '../servers/handle.mjs';
import { providersToml } from './providers.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');

export const BINARY = process.env.TOCSIN_BIN ?? join(TARGET, 'release', 'tocsin');

// The sentinel looks every second instead of every quarter of an hour, so that a test sees it act by itself.
const IMPATIENT = { TOCSIN_CHECK_EVERY: '1s', TOCSIN_CONFIRM_AFTER: '1s' };

type Options = { env?: Record<string, string>; listen?: string; hosts?: string[] };

export class Tocsin {
  /** Where the browser finds it, as its own output says. */
  url = '';
  /** What it printed at its first start. */
  setUpCode = '';
  /** Everything that it wrote to its standard output and standard error, of all its lives. */
  log = '';
  #process?: ChildProcess;

  private constructor(readonly data: string, readonly options: Options) {}

  /** Starts one in a new data directory, with the presets gmail and outlook pointing at the test servers. */
  static async start(servers: Servers, options: Options = {}): Promise<Tocsin> {
    const data = await mkdtemp(join(tmpdir(), 'tocsin-data-'));
    await writeFile(join(data, 'providers.toml'), providersToml(servers, options.hosts));
    const tocsin = new Tocsin(data, options);
    await tocsin.run(options.listen ?? '127.0.0.1:0');
    for (const [provider, preset] of [['google', 'gmail'], ['microsoft', 'outlook']] as const) {
      await servers.client(provider, { redirect_uris: tocsin.redirectUris(preset) });
    }
    return tocsin;
  }

  /** What an admin registers at the provider: the addresses to which the sign-in comes back. */
  redirectUris(_preset: string): string[] {
    const port = new URL(this.url).port;
    return ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}/oauth/callback`);
  }

  /** Runs the program until it says where it listens. */
  async run(listen: string): Promise<void> {
    const env = { ...process.env, ...IMPATIENT, ...this.options.env };
    const child = spawn(BINARY, ['serve', '--data', this.data, '--listen', listen], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let output = '';
    let isListening = false; // from then on `url` is the test's: it may put another web server in front
    const listening = new Promise<void>((ready, failed) => {
      const take = (data: Buffer) => {
        this.log += data;
        if (isListening) return;
        output += data;
        const url = /^Tocsin runs at (\S+)\n/m.exec(output)?.[1];
        const code = /^Set-up code: (\S+)\n/m.exec(output)?.[1];
        if (!url || (!code && !this.setUpCode)) return; // the code is only told while there is no administrator
        this.url = url;
        this.setUpCode ||= code!;
        isListening = true;
        ready();
      };
      child.stdout!.on('data', take);
      child.stderr!.on('data', take);
      child.once('exit', (code) => failed(new Error(`tocsin ended (exit code ${code}):\n${output}`)));
      child.once('error', failed);
    });
    await listening;
  }

  /** Pulls the plug: no signal handler runs. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Kills it and starts it again on the same address and data. */
  async killAndRestart(): Promise<void> {
    await this.kill();
    await this.run(new URL(this.url).host);
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
    // It begins again after a panic, and hardly anybody would notice.
    if (this.log.includes('panicked at')) throw new Error(`tocsin has panicked:\n${this.log}`);
  }

  /** What a program does that has something to report. */
  async report(severity: 'information' | 'warning' | 'error', text: string, application = 'Storage & Snapshots'): Promise<void> {
    const { code, output } = await this.command(['report', '--severity', severity, '--app', application, text]);
    if (code !== 0) throw new Error(`tocsin report: ${output}`);
  }

  /** Runs another command of the program on the same data. Answers its exit code and output. */
  async command(args: string[], { input = '' } = {}): Promise<{ code: number; output: string }> {
    const child = spawn(BINARY, args, { env: { ...process.env, TOCSIN_DATA: this.data }, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output += data; });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    return { code, output };
  }
}
