// Reads the mail that was delivered to a user, from the maildir that Dovecot writes.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

// Postfix' long queue ids (postconf(5), enable_long_queue_ids): six characters of seconds and four of microseconds, base 52.
const DIGITS = '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const base52 = (text) => [...text].reduce((value, digit) => value * 52 + DIGITS.indexOf(digit), 0);

/** When the server took the mail, in milliseconds since the epoch. */
const acceptedAt = (queueId) => base52(queueId.slice(0, 6)) * 1000 + base52(queueId.slice(6, 10)) / 1000;

async function parse(raw) {
  const mail = await PostalMime.parse(raw);
  const headers = Object.fromEntries([...mail.headers].reverse().map(({ key, value }) => [key, value])); // the topmost wins
  const queueId = /\bid ([0-9B-Zb-z]+)/.exec(mail.headers.filter(({ key }) => key === 'received').map(({ value }) => value).find((value) => value.includes('(Postfix)')) ?? '')?.[1];
  return {
    messageId: mail.messageId, subject: mail.subject, from: mail.from?.address, fromName: mail.from?.name,
    to: (mail.to ?? []).map(({ address }) => address), headers, text: mail.text, html: mail.html,
    raw: raw.toString('utf8'), queueId, acceptedAt: queueId && acceptedAt(queueId),
  };
}

const cache = new Map();

async function read(path) {
  const key = path.replace(/\/(new|cur)\/([^:]+).*/, '/$2'); // a mail keeps its name when it is seen by IMAP
  if (!cache.has(key)) cache.set(key, await parse(await readFile(path)));
  return cache.get(key);
}

/** All mail of a user, in the order in which the server accepted it; `seen`: somebody marked it as read by IMAP. */
export async function delivered(mailDir, address) {
  const files = [];
  for (const folder of ['new', 'cur']) {
    const dir = join(mailDir, address, folder);
    files.push(...(await readdir(dir).catch(() => [])).map((name) => join(dir, name)));
  }
  const mails = await Promise.all(files.map(async (file) => {
    const seen = /:2,[A-Z]*S/.test(file); // a maildir keeps flags in the files' names
    return { ...(await read(file)), seen };
  }).map((mail) => mail.catch((error) => {
    if (error.code === 'ENOENT') return undefined; // moved from new to cur meanwhile
    throw error;
  })));
  return mails.filter(Boolean).sort((a, b) => ((a.queueId ?? '') < (b.queueId ?? '') ? -1 : 1));
}

/** Removes all mail of all users. */
export async function removeDelivered(mailDir) {
  for (const address of await readdir(mailDir)) {
    for (const folder of ['new', 'cur']) {
      const dir = join(mailDir, address, folder);
      for (const name of await readdir(dir).catch(() => [])) await rm(join(dir, name), { force: true });
    }
  }
}
