// Where things are.
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');
export const BINARY = process.env.TOCSIN_BIN ?? join(TARGET, 'release', 'tocsin');
export const TOOLS = join(TARGET, 'tools');
