// What a process has in memory, from /proc: resident now (VmRSS) and at most so far (VmHWM); bytes.
import { readFileSync, readdirSync } from 'node:fs';

const kilobytes = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;

export function resident(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { now: kilobytes(status, 'VmRSS'), most: kilobytes(status, 'VmHWM') };
}

/** Of a process and all of its children: shared pages counted once (Pss). */
export function proportional(pid) {
  let total = 0;
  const parents = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* it ended meanwhile */ }
  }
  for (const each of parents.keys()) {
    let above = each;
    while (above && above !== pid) above = parents.get(above);
    if (above !== pid) continue;
    try {
      total += kilobytes(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'), 'Pss');
    } catch { /* it ended meanwhile */ }
  }
  return total;
}

/** The most that `measure` answers until the answered function is called. */
export function watch(measure, everyMs = 100) {
  let most = 0;
  const timer = setInterval(() => { most = Math.max(most, measure()); }, everyMs);
  return () => {
    clearInterval(timer);
    return most;
  };
}
