// A private certificate authority and the certificates of one instance, made by openssl.
//
// `server` is right for localhost, 127.0.0.1 and mail.example.test. The others are wrong, each in one way, for the
// tests of what a person is told: `expired` (ended in 2020), `foreign` (right authority, another host's name),
// `unknown` (right name, an authority that nobody trusts).
import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

async function authority(dir, name, subject) {
  await run('openssl', ['req', '-x509', ...KEY, '-days', '30', '-subj', `/CN=${subject}`,
    '-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.pem`),
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign']);
}

// `openssl ca` is the one command that can date a certificate back; it wants a database and a configuration.
async function issue(dir, name, { ca = 'ca', hosts, start, end }) {
  const at = (file) => join(dir, file);
  await run('openssl', ['req', ...KEY, '-subj', `/CN=${hosts[0]}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)]);
  const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(',');
  await writeFile(at(`${name}.index`), '');
  await writeFile(at(`${name}.cnf`), `[ca]
default_ca = own
[own]
database = ${at(`${name}.index`)}
new_certs_dir = ${dir}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
unique_subject = no
[any]
commonName = supplied
[server]
subjectAltName = ${names}
extendedKeyUsage = serverAuth
basicConstraints = CA:FALSE
`);
  await run('openssl', ['ca', '-batch', '-notext', '-config', at(`${name}.cnf`), '-cert', at(`${ca}.pem`), '-keyfile', at(`${ca}.key`),
    '-startdate', start, '-enddate', end, '-in', at(`${name}.csr`), '-out', at(`${name}.pem`)]);
  await appendFile(at(`${name}.pem`), await readFile(at(`${ca}.pem`)));
  await chmod(at(`${name}.key`), 0o600);
}

const stamp = (date) => date.toISOString().replace(/[-:T]|\.\d+/g, '');

/** Makes all of them in `dir`. Answers `{ ca, server, expired, foreign, unknown }`; the last four as `{ key, cert }` paths. */
export async function makeCertificates(dir) {
  await mkdir(dir, { recursive: true });
  const day = 86_400_000;
  const now = Date.now();
  const valid = { start: stamp(new Date(now - day)), end: stamp(new Date(now + 30 * day)) };
  const own = ['mail.example.test', 'localhost', '127.0.0.1'];
  await Promise.all([authority(dir, 'ca', 'Tocsin test authority'), authority(dir, 'stranger', 'Unknown authority')]);
  await Promise.all([
    issue(dir, 'server', { hosts: own, ...valid }),
    issue(dir, 'expired', { hosts: own, start: '20190101000000Z', end: '20200101000000Z' }),
    issue(dir, 'foreign', { hosts: ['smtp.elsewhere.test'], ...valid }),
    issue(dir, 'unknown', { ca: 'stranger', hosts: own, ...valid }),
  ]);
  const pair = (name) => ({ key: join(dir, `${name}.key`), cert: join(dir, `${name}.pem`) });
  return { ca: join(dir, 'ca.pem'), server: pair('server'), expired: pair('expired'), foreign: pair('foreign'), unknown: pair('unknown') };
}
