// Looks for secrets where none may be: in what the browser was sent, in logs, and in the files of the data directory.
import type { BrowserContext, Response } from '@playwright/test';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a secret may be written: as it is, in URLs, in JSON, and encoded. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')])];
}

/** The secrets that are in `text`, shortened, so that the report does not spread them further. */
export function secretsIn(text: Buffer | string, secrets: string[]): string[] {
  const haystack = Buffer.from(text);
  const found = secrets.filter((secret) => spellings(secret).some((spelling) => haystack.includes(spelling)));
  return found.map((secret) => `${secret.slice(0, 4)}… (${secret.length} characters)`);
}

/** Every answer that a browser gets from one origin: headers and body. */
export class Answers {
  readonly all: { url: string; text: string }[] = [];
  readonly #reading: Promise<void>[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on('response', (response) => {
      if (response.url().startsWith(origin)) this.#reading.push(this.#read(response));
    });
  }

  async #read(response: Response): Promise<void> {
    // Streams have no end, and redirects and answers of pages that were left have no body to read.
    const stream = response.headers()['content-type']?.startsWith('text/event-stream');
    const body = stream ? '' : await response.text().catch(() => '');
    const { 'set-cookie': _own, ...headers } = response.headers();
    this.all.push({ url: response.url(), text: `${JSON.stringify(headers)}\n${body}` });
  }

  async read() {
    await Promise.all(this.#reading);
    return this.all;
  }
}

/** The files below `folder` that hold a secret, each with what it holds. The database is one of them: text and blobs. */
export async function filesWithSecrets(folder: string, secrets: string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const findings: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    // A file that went away meanwhile, such as one that is replaced by renaming, is looked at under its new name or not at all.
    const content = await readFile(path).catch((error) => { if (error.code === "ENOENT") return Buffer.alloc(0); throw error; });
    const found = secretsIn(content, secrets);
    if (found.length) findings.push(`${path}: ${found.join(', ')}`);
  }
  return findings;
}
