// nginx, one process in the foreground.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { snippet } from './snippets.mjs';

export async function nginx({ dir, ports, port, certificate }) {
  const at = (name) => join(dir, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${at(name)};`);
  await writeFile(at('nginx.conf'), `daemon off;
master_process off;
pid ${at('nginx.pid')};
error_log ${at('error.log')};
events {}
http {
${temporary.join('\n')}
  access_log off;
  server {
    listen 127.0.0.1:${ports.http};
    listen 127.0.0.1:${ports.https} ssl;
    ssl_certificate ${certificate.cert};
    ssl_certificate_key ${certificate.key};
    location / { return 404; }
${await snippet('nginx', port)}
  }
}
`);
  return ['nginx', ['-e', at('error.log'), '-p', dir, '-c', at('nginx.conf')]];
}
