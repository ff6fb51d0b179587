// SMTP over TLS with a certificate that nobody should accept. What a client says after a handshake that it should have
// refused is answered politely, so that a client without certificate checks is caught by its success.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const REPLIES = { EHLO: '250-mail.example.test\r\n250 AUTH PLAIN LOGIN', HELO: '250 mail.example.test', AUTH: '235 2.7.0 Authentication successful', QUIT: '221 2.0.0 Bye' };

/** Starts one on `port`; answers the server once it listens. */
export async function startGreeter(port, { key, cert }) {
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('error', () => {});
    socket.write('220 mail.example.test ESMTP\r\n');
    socket.on('data', (data) => socket.write(`${REPLIES[data.toString().slice(0, 4).toUpperCase()] ?? '250 2.0.0 Ok'}\r\n`));
  });
  server.on('tlsClientError', () => {});
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
