// Postfix's `smtp-sink`, which takes any mail and counts, and when it had how many.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../servers/ports.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** No progress for so long means that mail is missing. */
const STALLED_MS = 30_000;

/** The count that a program writes last, again and again: of `smtp-sink -c` after each mail, `sess=1 quit=0 mesg=7`. */
function lastCount(path) {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, 256));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const counts = [...tail.toString().matchAll(/mesg=(\d+)[\r\n]/g)];
    return Number(counts.at(-1)?.[1] ?? 0);
  } finally {
    closeSync(file);
  }
}

export class Sink {
  #log;
  #process;

  constructor(port, log, process) {
    this.port = port;
    this.#log = log;
    this.#process = process;
  }

  /** How many mails have arrived. */
  get count() {
    return lastCount(this.#log);
  }

  /** Waits until `count` mails have arrived in all; answers the time of the last, by `performance.now()`, to 2 ms. */
  async when(count) {
    let seen = -1;
    let progress = performance.now();
    for (;;) {
      const now = performance.now();
      const arrived = this.count;
      if (arrived >= count) return now;
      if (arrived > seen) [seen, progress] = [arrived, now];
      if (now - progress > STALLED_MS) throw new Error(`${arrived} of ${count} mails arrived, and no more for 30 s`);
      await pause(2);
    }
  }

  /** Waits a moment for mails that should not come; throws if there are more than `count`. */
  async noMoreThan(count) {
    await pause(300);
    if (this.count !== count) throw new Error(`${this.count} mails arrived instead of ${count}`);
  }

  stop() {
    this.#process.kill();
  }
}

/** Starts one; `command(port)` gives another program that counts like it. */
export async function startSink(run, command = (port) => ['smtp-sink', ['-u', 'nobody', '-c', `127.0.0.1:${port}`, '1000']]) {
  const { port } = await freePorts(['port']);
  const name = `sink-${port}`;
  const process = await run.daemons.start(name, command(port), [port]);
  return new Sink(port, join(run.logs, `${name}.out`), process);
}
