// node site.mjs PKG SITE: lays out SITE from the app in PKG (tocsin.js, tocsin.wasm), style/main.css and public/.
// The app's three files get their content's hash into their names, listed in SITE/hash.txt as cargo-leptos does, so
// that a browser can keep them for good. Beside each file that shrinks lie its .br and .gz: browsers ask for brotli
// only over TLS or from the same machine.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// By NODE_PATH, which import statements do not follow.
const { bundle, browserslistToTargets } = createRequire(import.meta.url)('lightningcss');

const [pkg, site] = process.argv.slice(2);
const browsers = ['chrome 114', 'edge 114', 'firefox 115', 'safari 16.4', 'ios_saf 16.4'];

mkdirSync(join(site, 'pkg'), { recursive: true });
if (existsSync('public')) cpSync('public', site, { recursive: true });
if (existsSync(join(pkg, 'snippets'))) cpSync(join(pkg, 'snippets'), join(site, 'pkg/snippets'), { recursive: true });

const contents = {
  js: readFileSync(join(pkg, 'tocsin.js')),
  wasm: readFileSync(join(pkg, 'tocsin.wasm')),
  css: bundle({ filename: 'style/main.css', minify: true, targets: browserslistToTargets(browsers) }).code,
};
const hashes = [];
for (const [extension, content] of Object.entries(contents)) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  writeFileSync(join(site, 'pkg', `tocsin.${hash}.${extension}`), content);
  hashes.push(`${extension}: ${hash}\n`);
}

const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest', '.xml']);
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.has(extname(entry.name))) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const plain = readFileSync(file);
  for (const [suffix, packed] of [['br', brotliCompressSync(plain, quality)], ['gz', gzipSync(plain, { level: 9 })]]) {
    if (packed.length < plain.length) writeFileSync(`${file}.${suffix}`, packed);
  }
}

writeFileSync(join(site, 'hash.txt'), hashes.join(''));
