// Where things are.
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');
export const BINARY = process.env.TOCSIN_BIN ?? join(TARGET, 'release', 'tocsin');
/** What package/build.sh made for this processor, if it did. */
export const PACKAGED = join(TARGET, 'package', process.arch === 'arm64' ? 'aarch64' : 'x86_64', 'tocsin');
export const TOOLS = join(TARGET, 'tools');
