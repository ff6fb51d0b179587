#!/usr/bin/env node
// node password_sink.mjs PORT PASSWORD: a mail server that takes any mail from whoever signs in with that password (AUTH
// PLAIN), throws it away, and tells how many it had in the words of `smtp-sink -c`, which itself asks for no password.
import { createServer } from 'node:net';

const [port, password] = process.argv.slice(2);
const TELL_EVERY_MS = 1;
let mails = 0;

/** Answers one line of the client; `state` is what the connection remembers. */
function answer(line, state) {
  const [command] = line.toUpperCase().split(/[ :]/, 1);
  switch (command) {
    case 'EHLO': return '250-sink.example.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SIZE 10000000\r\n';
    case 'AUTH': {
      const given = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString().split('\0')[2];
      state.signedIn = given === password;
      return state.signedIn ? '235 2.7.0 ok\r\n' : '535 5.7.8 Username and Password not accepted\r\n';
    }
    case 'MAIL': return state.signedIn ? '250 2.1.0 ok\r\n' : '530 5.7.0 Authentication required\r\n';
    case 'RCPT': return '250 2.1.5 ok\r\n';
    case 'DATA': state.inMail = true; return '354 go on\r\n';
    case 'RSET': case 'NOOP': return '250 2.0.0 ok\r\n';
    case 'QUIT': return '221 2.0.0 bye\r\n';
    default: return '500 5.5.2 what\r\n';
  }
}

/** Takes what has arrived as far as it is whole, and answers the rest. */
function take(buffer, state, say) {
  let rest = buffer;
  for (;;) {
    const end = rest.indexOf(state.inMail ? '\r\n.\r\n' : '\r\n');
    if (end < 0) return rest;
    if (state.inMail) {
      state.inMail = false;
      mails += 1;
      rest = rest.subarray(end + 5);
      say('250 2.0.0 Ok: queued\r\n');
    } else {
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      say(answer(line, state));
    }
  }
}

createServer({ noDelay: true }, (socket) => {
  const state = { signedIn: false, inMail: false };
  let rest = Buffer.alloc(0);
  socket.write('220 sink.example.test ESMTP\r\n');
  socket.on('data', (data) => {
    let answers = '';
    rest = take(rest.length ? Buffer.concat([rest, data]) : data, state, (text) => { answers += text; });
    if (answers) socket.write(answers);
    if (answers.includes('221 ')) socket.end();
  });
  socket.on('error', () => {});
}).listen(Number(port), '127.0.0.1');

let told = 0;
setInterval(() => {
  if (mails === told) return;
  told = mails;
  process.stdout.write(`mesg=${mails}\n`);
}, TELL_EVERY_MS);
