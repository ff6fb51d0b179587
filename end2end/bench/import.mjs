#!/usr/bin/env node
// node bench/import.mjs [ROWS] [SERVERS]: imports so many new mailboxes through the running server, against mail servers
// on this machine that ask for a password, and prints the time, the memory, and how long a page took meanwhile.
// TOCSIN_BIN is the program (release: ../target/release/tocsin). Each server has an address of its own (127.0.0.2, …),
// since Tocsin signs in four times at once to one host.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { resident } from './memory.mjs';

const [rows = 10_000, servers = 4] = process.argv.slice(2).map(Number);
const binary = process.env.TOCSIN_BIN ?? resolve(import.meta.dirname, '../../target/release/tocsin');
const PASSWORD = 'the right password';

function answer(line) {
  switch (line.split(/[ :]/, 1)[0].toUpperCase()) {
    case 'EHLO': return '250-bench.example.test\r\n250 AUTH PLAIN\r\n';
    case 'AUTH': return Buffer.from(line.split(' ')[2] ?? '', 'base64').toString().endsWith(`\0${PASSWORD}`) ? '235 2.7.0 ok\r\n' : '535 5.7.8 Username and Password not accepted\r\n';
    case 'QUIT': return '221 2.0.0 bye\r\n';
    default: return '250 2.0.0 ok\r\n';
  }
}

async function mailServer(host) {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.on('error', () => {});
    socket.write('220 bench.example.test ESMTP\r\n');
    socket.on('data', (data) => {
      rest += data;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        socket.write(answer(rest.slice(0, end)));
        rest = rest.slice(end + 2);
      }
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { host, port: server.address().port, server };
}

const data = mkdtempSync(join(tmpdir(), 'tocsin-import-'));
const hosts = await Promise.all(Array.from({ length: servers }, (_, index) => mailServer(`127.0.0.${index + 2}`)));
const file = join(data, 'accounts.csv');
const lines = ['email,password,smtp_host,smtp_port,smtp_security'];
for (let row = 0; row < rows; row += 1) {
  const { host, port } = hosts[row % hosts.length];
  // One in a hundred is refused.
  lines.push(`mailbox${row}@example.test,${row % 100 === 99 ? 'wrong' : PASSWORD},${host},${port},none`);
}
writeFileSync(file, lines.join('\n'));

const tocsin = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, RUST_LOG: 'error' } });
let output = '';
const url = await new Promise((ready) => tocsin.stdout.on('data', (text) => {
  output += text;
  const found = /^Tocsin runs at (\S+)\n/m.exec(output)?.[1];
  if (found) ready(found);
}));
const before = resident(tocsin.pid);

let slowest = 0;
const page = setInterval(async () => {
  const began = performance.now();
  await fetch(`${url}/setup`).then((reply) => reply.text()).catch(() => {});
  slowest = Math.max(slowest, performance.now() - began);
}, 200);
const began = performance.now();
const command = spawn(binary, ['accounts', 'import', file, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
let report = '';
command.stdout.on('data', (text) => { report += text; });
await once(command, 'close');
const seconds = (performance.now() - began) / 1000;
clearInterval(page);
const after = resident(tocsin.pid);
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
console.log(report.trim().split('\n').at(-1));
console.log(`${rows} rows, ${servers} hosts: ${seconds.toFixed(1)} s (${Math.round(rows / seconds)} a second)`);
console.log(`memory: ${megabytes(before.now)} before, ${megabytes(after.most)} at most, ${megabytes(after.now)} after; slowest page meanwhile ${slowest.toFixed(0)} ms`);
tocsin.kill('SIGTERM');
await once(tocsin, 'exit');
for (const { server } of hosts) server.close();
rmSync(data, { recursive: true, force: true });
