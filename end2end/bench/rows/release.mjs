// (c) How long until everything held is delivered, once the account is authorized again.
import { reportEvents } from '../callers.mjs';
import { Postfix } from '../peers/postfix.mjs';
import { seed } from '../seed.mjs';
import { startSink } from '../sink.mjs';
import { Tocsin } from '../tocsin.mjs';

const PASSWORD = 'the-new-password';
const PROGRAM = `${import.meta.dirname}/../password_sink.mjs`;

async function tocsinReleases(run) {
  const folder = run.newFolder('release');
  const sink = await startSink(run, (port) => [process.execPath, [PROGRAM, String(port), PASSWORD]]);
  const { account, token, admin } = seed(folder, sink.port, 'refused');
  const tocsin = await Tocsin.start(run, folder);
  const cookie = await tocsin.signIn(admin);
  await reportEvents({ ...run, url: tocsin.url, token, callers: 64, count: run.released });
  if (sink.count !== 0) throw new Error('what should be held was sent');
  const began = performance.now();
  const [answer, last] = await Promise.all([
    tocsin.submit('/api/accounts/new-password', { id: account, secret: PASSWORD }, cookie),
    sink.when(run.released),
  ]);
  if (!answer.headers.get('location')?.includes('done=')) throw new Error(`the new password was answered by ${answer.status}`);
  await sink.noMoreThan(run.released);
  await tocsin.stop();
  sink.stop();
  return (last - began) / 1000;
}

async function postfixReleases(run) {
  const sink = await startSink(run);
  const postfix = await Postfix.start(run, sink.port, { onHold: true });
  await postfix.fill(run.released, 4, run.textBytes);
  const began = performance.now();
  postfix.release();
  const last = await sink.when(run.released);
  await postfix.stop();
  sink.stop();
  return (last - began) / 1000;
}

export async function release(run) {
  const count = run.released.toLocaleString('en');
  return [{
    key: 'c', what: `re-authorized → last of ${count} held delivered`, value: await tocsinReleases(run), unit: 's',
    peers: [{ name: 'Postfix, postsuper -H ALL', value: await postfixReleases(run) }],
    note: 'c: a password account. From sending the page’s form with the new password, through the sign-in that proves it, to the last '
      + 'mail counted by a server that refuses any other password. Postfix: from releasing as many mails on hold.',
  }];
}
