// Apache, in the foreground.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { snippet } from './snippets.mjs';

const MODULES = '/usr/lib/apache2/modules';
const NEEDED = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', 'ssl', 'setenvif', 'socache_shmcb'];

export async function apache({ dir, ports, port, certificate }) {
  const at = (name) => join(dir, name);
  const forTocsin = await snippet('apache', port);
  await writeFile(at('apache.conf'), `ServerRoot ${dir}
DefaultRuntimeDir ${dir}
PidFile ${at('apache.pid')}
ErrorLog ${at('error.log')}
ServerName localhost
${NEEDED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
User nobody
Group nogroup
Listen 127.0.0.1:${ports.http}
Listen 127.0.0.1:${ports.https} https
<VirtualHost 127.0.0.1:${ports.http}>
${forTocsin}
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.https}>
SSLEngine on
SSLCertificateFile ${certificate.cert}
SSLCertificateKeyFile ${certificate.key}
${forTocsin}
</VirtualHost>
`);
  return ['/usr/sbin/apache2', ['-D', 'FOREGROUND', '-f', at('apache.conf')]];
}
