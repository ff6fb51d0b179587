// node nodemailer_send.mjs PORT COUNT CONNECTIONS BYTES: sends the mails and tells when it began.
import { createTransport } from 'nodemailer';
import { resident } from '../memory.mjs';

const [port, count, maxConnections, bytes] = process.argv.slice(2).map(Number);
const transport = createTransport({ host: '127.0.0.1', port, pool: true, maxConnections, maxMessages: Infinity, secure: false, ignoreTLS: true });
const mail = { from: 'nas@example.com', to: 'ops@example.com', subject: 'Disk 2 failed', text: 'x'.repeat(bytes) };

const began = performance.timeOrigin + performance.now();
let left = count;
const sendNext = async () => {
  while (left > 0) {
    left -= 1;
    await transport.sendMail(mail);
  }
};
// More at a time than connections, so that the pool never waits for us.
await Promise.all(Array.from({ length: 4 * maxConnections }, sendNext));
console.log(JSON.stringify({ began, memory: resident(process.pid).most }));
transport.close();
