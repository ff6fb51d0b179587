// Said before any test runs, instead of by each of them.
import { existsSync } from 'node:fs';
import { BINARY } from './tocsin.ts';

export default function needs() {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it by "make release", or name another by TOCSIN_BIN.`);
}
