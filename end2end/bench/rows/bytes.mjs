// (f) What a browser downloads for the first page, and the size of the program.
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { BINARY, PACKAGED } from '../places.mjs';
import { seed } from '../seed.mjs';
import { Tocsin } from '../tocsin.mjs';

/** The body as transferred to a browser that takes brotli. */
async function download(url, headers = {}) {
  const request = get(url, { headers: { 'accept-encoding': 'br', accept: 'text/html,*/*', ...headers } });
  const [answer] = await once(request, 'response');
  const chunks = await answer.toArray();
  if (answer.statusCode !== 200) throw new Error(`${url} was answered by ${answer.statusCode}`);
  return { body: Buffer.concat(chunks), encoding: answer.headers['content-encoding'] ?? 'none' };
}

/** The files that a page names, and the wasm that its script loads. */
const named = (html) => [...new Set([...html.matchAll(/["'](\/pkg\/[\w.-]+\.(?:css|js|wasm))["']/g)].map((match) => match[1]))];

async function page(tocsin, path, headers) {
  const html = await download(tocsin.url + path, headers);
  const parts = { html: html.body.length };
  if (html.encoding !== 'none') throw new Error('the page came packed: unpack it before looking for its files');
  for (const file of named(html.body.toString())) {
    const { body, encoding } = await download(tocsin.url + file);
    if (encoding !== 'br') throw new Error(`${file} came without brotli`);
    const kind = file.slice(file.lastIndexOf('.') + 1);
    parts[kind] = (parts[kind] ?? 0) + body.length;
  }
  for (const kind of ['css', 'js', 'wasm']) if (!parts[kind]) throw new Error(`${path} names no ${kind}`);
  return parts;
}

export async function bytes(run) {
  const folder = run.newFolder('bytes');
  const { admin } = seed(folder, 1, 'ready');
  const tocsin = await Tocsin.start(run, folder);
  const cookie = await tocsin.signIn(admin);
  const pages = [['/sign-in', await page(tocsin, '/sign-in')], ['Overview', await page(tocsin, '/', { cookie })]];
  await tocsin.stop();
  const rows = pages.map(([name, parts]) => ({
    key: 'f', what: `first page, ${name}`, unit: 'kB', detail: parts, aim: { atMost: 350e3 },
    value: Object.values(parts).reduce((a, b) => a + b),
    peers: Object.entries(parts).map(([kind, value]) => ({ name: `of it ${kind}`, value })),
    note: 'f: bodies as transferred, css, js and wasm by brotli; the program is stripped, and holds them in packages alone.',
  }));
  rows.push({ key: 'f', what: 'the program', value: statSync(BINARY).size, unit: 'MB', peers: [] });
  if (existsSync(PACKAGED)) {
    rows.push({ key: 'f', what: 'the program in packages', value: statSync(PACKAGED).size, unit: 'MB', aim: { atMost: 20e6 }, peers: [] });
  }
  return rows;
}
