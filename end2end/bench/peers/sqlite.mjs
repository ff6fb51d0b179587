// What this disk takes: rows a second into SQLite, each in a commit of its own that survives the plug being pulled.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'sqlite_rows.py');

export function sqlite(folder, { rows, rowBytes }) {
  return Number(execFileSync('python3', [PROGRAM, join(folder, 'rows.db'), rows, rowBytes].map(String)));
}
