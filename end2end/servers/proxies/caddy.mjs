// Caddy, in the foreground, without its own authority.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { snippet } from './snippets.mjs';

export async function caddy({ dir, ports, port, certificate }) {
  const at = (name) => join(dir, name);
  // README.md's is a whole site; here there are two, of other names.
  const [, inner] = /^nas\.example\.com \{\n([\s\S]*)\}\n$/.exec(await snippet('caddy', port));
  await writeFile(at('Caddyfile'), `{
	admin off
	auto_https off
}
http://:${ports.http} {
	bind 127.0.0.1
${inner}}
https://:${ports.https} {
	bind 127.0.0.1
	tls ${certificate.cert} ${certificate.key}
${inner}}
`);
  return ['env', [`HOME=${dir}`, `XDG_DATA_HOME=${dir}`, `XDG_CONFIG_HOME=${dir}`, 'caddy', 'run', '--config', at('Caddyfile'), '--adapter', 'caddyfile']];
}
