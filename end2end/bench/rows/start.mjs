// (e) From starting the process to its first answer.
import { reportEvents } from '../callers.mjs';
import { Postfix } from '../peers/postfix.mjs';
import { seed } from '../seed.mjs';
import { startSink } from '../sink.mjs';
import { Tocsin } from '../tocsin.mjs';

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

async function firstAnswer(run, folder, path) {
  const began = performance.now();
  const tocsin = await Tocsin.start(run, folder);
  const answer = await fetch(tocsin.url + path);
  await answer.arrayBuffer();
  const ms = performance.now() - began;
  if (answer.status !== 200) throw new Error(`${path} was answered by ${answer.status}`);
  await tocsin.stop();
  return ms;
}

async function times(count, measure) {
  const values = [];
  for (let n = 0; n < count; n += 1) values.push(await measure());
  return values;
}

export async function start(run) {
  const folder = run.newFolder('start');
  const { token } = seed(folder, 1, 'refused');
  const tocsin = await Tocsin.start(run, folder);
  await reportEvents({ ...run, url: tocsin.url, token, callers: 64, count: 1000 });
  await tocsin.stop();

  const sink = await startSink(run);
  const postfix = await times(3, async () => {
    const one = await Postfix.start(run, sink.port);
    await one.stop();
    return one.startMs;
  });
  sink.stop();
  const rows = [];
  for (const path of ['/healthz', '/sign-in']) {
    const values = await times(run.starts, () => firstAnswer(run, folder, path));
    rows.push({
      key: 'e', what: `start → first answer, ${path}`, value: median(values), unit: 'ms', aim: { atMost: 150 }, detail: values,
      peers: [{ name: 'Postfix’s master → first 220', value: median(postfix) }],
      note: `e: median of ${run.starts}, on a database with 1,000 events and as many held notifications.`,
    });
  }
  return rows;
}
