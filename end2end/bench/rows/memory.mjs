// (d) Resident memory, idle and with much that waits; under load: `deliver.mjs`.
import { reportEvents } from '../callers.mjs';
import { Postfix } from '../peers/postfix.mjs';
import { seed } from '../seed.mjs';
import { startSink } from '../sink.mjs';
import { Tocsin } from '../tocsin.mjs';

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export async function memory(run) {
  const count = run.held.toLocaleString('en');
  const sink = await startSink(run);
  const postfix = await Postfix.start(run, sink.port, { onHold: true });
  const folder = run.newFolder('memory');
  const { token } = seed(folder, 1, 'refused');

  const fresh = await Tocsin.start(run, folder);
  await fetch(`${fresh.url}/sign-in`);
  await pause(run.idleSeconds);
  const [idle, postfixIdle] = [fresh.memory, postfix.memory];
  await reportEvents({ ...run, url: fresh.url, token, callers: 64, count: run.held });
  await pause(run.idleSeconds);
  const filled = fresh.memory;
  await fresh.stop();

  const again = await Tocsin.start(run, folder);
  await pause(run.idleSeconds);
  const restarted = again.memory;
  await again.stop();
  await postfix.stop();
  sink.stop();
  const after = `after ${run.idleSeconds} s`;
  return [
    {
      key: 'd', what: `resident memory idle, ${after}`, value: idle.now, unit: 'MB', aim: { atMost: 25e6 }, detail: idle,
      peers: [{ name: 'Postfix, all processes, shared pages once', value: postfixIdle }],
      note: 'd: VmRSS of the one process, one page having been read. Held notifications came by HTTP.',
    },
    { key: 'd', what: `with ${count} notifications held, ${after}`, value: filled.now, unit: 'MB', detail: filled,
      peers: [{ name: 'Tocsin at its most', value: filled.most }, { name: 'Tocsin started anew on them', value: restarted.now }] },
  ];
}
