// (a) Events accepted by HTTP a second. Each answer comes after a commit that survives the plug being pulled. The account's
// password was refused, so that nothing is sent meanwhile: each event and its held notification are written.
import { reportEvents } from '../callers.mjs';
import { Postfix } from '../peers/postfix.mjs';
import { sqlite } from '../peers/sqlite.mjs';
import { seed } from '../seed.mjs';
import { startSink } from '../sink.mjs';
import { Tocsin } from '../tocsin.mjs';

const NOTE = 'a: POST /api/v1/events with a bearer token, one event a request; an event and its (held) notification are on disk '
  + 'before the answer. Postfix: smtp-source until its last 250, which follows an fsync of a queue file.';

async function postfixAccepts(run, sessions) {
  const sink = await startSink(run);
  const postfix = await Postfix.start(run, sink.port, { onHold: true });
  const ms = await postfix.fill(run.relayed, sessions, run.textBytes);
  await postfix.stop();
  sink.stop();
  return run.relayed / (ms / 1000);
}

export async function accept(run) {
  const folder = run.newFolder('accept');
  const { token } = seed(folder, 1, 'refused');
  const tocsin = await Tocsin.start(run, folder);
  await reportEvents({ ...run, url: tocsin.url, token, callers: 1, count: 100 });
  const sqliteRate = sqlite(run.newFolder('sqlite'), { rows: run.sqliteRows, rowBytes: run.textBytes });
  const rows = [];
  for (const callers of run.callers) {
    const { perSecond } = await reportEvents({ ...run, url: tocsin.url, token, callers, seconds: run.acceptSeconds });
    rows.push({
      key: 'a', what: `events accepted by HTTP, ${callers} caller${callers > 1 ? 's' : ''}`, value: perSecond, unit: '/s', note: NOTE,
      peers: [
        { name: 'SQLite, one row a commit', value: sqliteRate },
        { name: `Postfix accepts, ${Math.min(callers, 16)} session${callers > 1 ? 's' : ''}`, value: await postfixAccepts(run, Math.min(callers, 16)) },
      ],
    });
  }
  await tocsin.stop();
  return rows;
}
