// Callers of `POST /api/v1/events`: each has one connection and reports the next event when the former is accepted.
//
// On plain sockets with a prepared request: node's HTTP client would take more of the processor than the server.
import { connect } from 'node:net';

function request(url, token, body) {
  const { host } = new URL(url);
  return Buffer.from(`POST /api/v1/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n`
    + `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/** One answer of 202 is whole when its body, as long as announced, is there. Throws at any other answer. */
function answered(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  if (!text.startsWith('HTTP/1.1 202')) throw new Error(`not accepted: ${text}`);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)[1]);
  return text.length >= end + 4 + length;
}

function call({ url, bytes, goOn, accepted }) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port, noDelay: true });
    let text = '';
    const next = () => (goOn() ? socket.write(bytes) : socket.end());
    socket.on('connect', next);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      try {
        if (!answered(text)) return;
      } catch (error) {
        socket.destroy(error);
        return;
      }
      text = '';
      accepted();
      next();
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

/**
 * Reports events, one a request, until `count` are accepted or `seconds` have passed. Answers how many were accepted and when
 * the first and the last were (`performance.now()`).
 */
export async function reportEvents({ url, token, callers, textBytes, count = Infinity, seconds = Infinity }) {
  const event = { application: 'Bench', category: 'Load', severity: 'warning', text: 'x'.repeat(textBytes), host: 'nas' };
  const bytes = request(url, token, JSON.stringify(event));
  const until = performance.now() + seconds * 1000;
  let asked = 0;
  let accepted = 0;
  let first;
  let last;
  const goOn = () => {
    if (asked >= count || performance.now() >= until) return false;
    asked += 1;
    return true;
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, () => call({
    url, bytes, goOn,
    accepted() {
      last = performance.now();
      first ??= last;
      accepted += 1;
    },
  })));
  return { accepted, began, first, last, perSecond: accepted / ((last - began) / 1000) };
}
