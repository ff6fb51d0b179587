// The demonstration's desk: what in real life is elsewhere. The mailboxes with what came in, the button by which a
// mailbox's owner ends Tocsin's access at the provider, and a program that has something to report.
import { createServer } from 'node:http';
import { once } from 'node:events';

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const clock = (ms) => new Date(ms).toLocaleTimeString('en-GB');

const EVENTS = [
  { severity: 'information', app: 'Backup', text: 'Job "nightly" finished: 412 GB in 1 h 58 min' },
  { severity: 'warning', app: 'Storage & Snapshots', text: 'Volume "media" is 92 % full' },
  { severity: 'error', app: 'Storage & Snapshots', text: 'Disk 2 failed' },
];

const STYLE = `:root { color-scheme: light dark; }
body { max-width: 960px; margin: 32px auto; padding: 0 16px; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f6f7f8, #14171a); color: light-dark(#1c2024, #e8eaed); }
h1 { font-size: 22px; } h2 { margin: 32px 0 8px; font-size: 16px; }
section { padding: 16px; margin: 12px 0; border: 1px solid light-dark(#d4d8dd, #3c434b); border-radius: 8px; background: light-dark(#fff, #1e2226); }
.head { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; } .head strong { flex: 1; }
button { height: 36px; padding: 0 14px; font: inherit; cursor: pointer; }
form { display: inline; } td { padding: 4px 16px 4px 0; vertical-align: top; } small { color: light-dark(#5a626b, #a3abb4); }`;

function mailbox({ address, provider, mails }) {
  const rows = mails.slice(-8).reverse().map((mail) => `<tr><td>${clock(mail.acceptedAt)}</td><td>${escape(mail.from)}</td><td>${escape(mail.subject)}</td></tr>`);
  const end = provider && `<form method="post" action="/revoke"><input type="hidden" name="user" value="${escape(address)}"><input type="hidden" name="provider" value="${provider}"><button>End Tocsin's access (as ${escape(address)} at ${provider})</button></form>`;
  return `<section><div class="head"><strong>${escape(address)}</strong>${end ?? ''}</div>
${rows.length ? `<table>${rows.join('')}</table>` : '<small>No mail yet.</small>'}</section>`;
}

function page(mailboxes, tocsinUrl) {
  const events = EVENTS.map(({ severity, text }, index) => `<form method="post" action="/report"><button name="event" value="${index}">${escape(severity)}: ${escape(text)}</button></form>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>Demonstration desk</title><style>${STYLE}</style></head>
<body><h1>Demonstration desk</h1><p>What in real life is elsewhere. Tocsin is at <a href="${tocsinUrl}">${tocsinUrl}</a>.</p>
<h2>A program reports</h2>${events.join(' ')}
<h2>Mailboxes</h2>${mailboxes.map(mailbox).join('\n')}</body></html>`;
}

/** `owners`: `[{ address, provider? }]`; `report` sends an event to Tocsin. Answers the desk's URL and server. */
export async function openDesk({ servers, owners, tocsinUrl, report }) {
  const actions = {
    '/revoke': (form) => servers.revoke(form.get('provider'), form.get('user')),
    '/report': (form) => report(EVENTS[form.get('event')]),
  };
  const server = createServer(async (request, response) => {
    try {
      if (request.method === 'POST') {
        let text = '';
        for await (const chunk of request) text += chunk;
        await actions[request.url]?.(new URLSearchParams(text));
        response.writeHead(303, { location: '/' }).end();
        return;
      }
      const mailboxes = await Promise.all(owners.map(async (owner) => ({ ...owner, mails: await servers.mail(owner.address) })));
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(mailboxes, tocsinUrl));
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, server };
}
