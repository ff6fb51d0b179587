// The configurations that README.md shows, for the Tocsin of a test.
import { readFile } from 'node:fs/promises';

const README = new URL('../../../README.md', import.meta.url);
const PORT = '127.0.0.1:8725';

/** The text of the one block in that language, with another port of Tocsin's. */
export async function snippet(language, port) {
  const blocks = (await readFile(README, 'utf8')).split(`\`\`\`${language}\n`);
  if (blocks.length !== 2) throw new Error(`README.md has ${blocks.length - 1} blocks of ${language}, not one.`);
  const text = blocks[1].split('```')[0];
  if (!text.includes(PORT)) throw new Error(`The block of ${language} in README.md does not lead to ${PORT}.`);
  return text.replaceAll(PORT, `127.0.0.1:${port}`);
}
