// What "make package" has made.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TARGET } from './program.mjs';

const FOLDER = resolve(process.env.TOCSIN_PACKAGES ?? join(TARGET, 'packages'));

/** The only package whose file name is like that. */
export function built(name) {
  const found = readdirSync(FOLDER).filter((file) => name.test(file));
  if (found.length !== 1) {
    throw new Error(`${FOLDER} has ${found.length} packages like ${name}: run "make package" first`);
  }
  return join(FOLDER, found[0]);
}
