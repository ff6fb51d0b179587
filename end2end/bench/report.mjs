// The table, on the standard output and in target/bench/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, TARGET } from './places.mjs';

const FORMATS = {
  '/s': (value) => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')) + '/s',
  s: (value) => `${value.toFixed(2)} s`,
  ms: (value) => `${value.toFixed(0)} ms`,
  MB: (value) => `${(value / 1e6).toFixed(1)} MB`,
  kB: (value) => `${(value / 1e3).toFixed(1)} kB`,
};

const written = (value, unit) => FORMATS[unit](value);

const beside = (peers, unit) => peers.map(({ name, value, unit: own = unit }) => `${name}: ${written(value, own)}`).join('<br>');

function aimed({ aim, value, unit }) {
  if (!aim) return '';
  const met = aim.atLeast ? value >= aim.atLeast : value <= aim.atMost;
  const bound = aim.atLeast ? `≥ ${written(aim.atLeast, unit)}` : `≤ ${written(aim.atMost, unit)}`;
  return `${bound} ${met ? 'met' : 'MISSED'}`;
}

function markdown(rows) {
  const head = '| | Measured | Tocsin | Beside it | First aim |\n|---|---|---|---|---|\n';
  const lines = rows.map((row) => `| ${row.key} | ${row.what} | ${written(row.value, row.unit)} | ${beside(row.peers ?? [], row.unit)} | ${aimed(row)} |`);
  const notes = [...new Set(rows.map((row) => row.note).filter(Boolean))].map((note) => `- ${note}`);
  return `${head}${lines.join('\n')}\n\n${notes.join('\n')}\n`;
}

/** The same with columns of equal width and a line a peer, for a terminal. */
function plain(rows) {
  const cells = [['', 'Measured', 'Tocsin', 'Beside it', 'First aim']];
  for (const row of rows) {
    const [first = '', ...others] = beside(row.peers ?? [], row.unit).split('<br>');
    cells.push([row.key, row.what, written(row.value, row.unit), first, aimed(row)]);
    for (const other of others) cells.push(['', '', '', other, '']);
  }
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

/**
 * A row: `{ key, what, value, unit, peers: [{ name, value, unit? }], aim?: { atLeast } | { atMost }, note? }`; values in
 * seconds, milliseconds, bytes or a second.
 */
export function report(unsorted) {
  const rows = unsorted.toSorted((a, b) => a.key.localeCompare(b.key));
  const folder = join(TARGET, 'bench');
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${(totalmem() / 1e9).toFixed(0)} GB`;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const when = new Date().toISOString();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ when, commit, machine, rows }, null, 2));
  const title = `${when.slice(0, 16)}Z, ${commit}, ${machine}`;
  writeFileSync(join(folder, 'result.md'), `${title}\n\n${markdown(rows)}`);
  const notes = [...new Set(rows.map((row) => row.note).filter(Boolean))];
  console.log(`${title}\n\n${plain(rows)}\n\n${notes.join('\n')}`);
}
