// (b) From accepted to delivered, through one account; and what is in memory meanwhile (d).
import { reportEvents } from '../callers.mjs';
import { watch } from '../memory.mjs';
import { apprise } from '../peers/apprise.mjs';
import { nodemailer } from '../peers/nodemailer.mjs';
import { Postfix } from '../peers/postfix.mjs';
import { seed } from '../seed.mjs';
import { startSink } from '../sink.mjs';
import { Tocsin } from '../tocsin.mjs';

/** How many times each figure is taken; the best stands, as for the peers. */
const TRIES = 2;

async function tocsinDelivers(run) {
  const folder = run.newFolder('deliver');
  const sink = await startSink(run);
  const { token } = seed(folder, sink.port, 'ready');
  const tocsin = await Tocsin.start(run, folder);
  await reportEvents({ ...run, url: tocsin.url, token, callers: 1, count: 10 });
  await sink.when(10);
  const stop = watch(() => tocsin.memory.now, 50);
  const [{ first, perSecond: accepted }, last] = await Promise.all([
    reportEvents({ ...run, url: tocsin.url, token, callers: 64, count: run.delivered }),
    sink.when(10 + run.delivered),
  ]);
  const memory = stop();
  await sink.noMoreThan(10 + run.delivered);
  await tocsin.stop();
  sink.stop();
  return { perSecond: run.delivered / ((last - first) / 1000), accepted, memory };
}

async function postfixRelays(run, sessions) {
  const sink = await startSink(run);
  const postfix = await Postfix.start(run, sink.port);
  await postfix.fill(20, 1, run.textBytes);
  await sink.when(20);
  const stop = watch(() => postfix.memory, 500);
  const began = performance.now();
  const [, last] = await Promise.all([postfix.fill(run.relayed, sessions, run.textBytes), sink.when(20 + run.relayed)]);
  const memory = stop();
  await sink.noMoreThan(20 + run.relayed);
  await postfix.stop();
  sink.stop();
  return { sessions, perSecond: run.relayed / ((last - began) / 1000), memory };
}

async function best(tries, measure) {
  const results = [];
  for (let n = 0; n < tries; n += 1) results.push(await measure(n));
  return results.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
}

export async function deliver(run) {
  const bodyBytes = run.textBytes;
  const relay = await best(2 * TRIES, (n) => postfixRelays(run, [4, 16][n % 2]));
  const tocsin = await best(TRIES, () => tocsinDelivers(run));
  const sink = await startSink(run);
  const pool = await best(TRIES, (n) => nodemailer(sink, { count: run.nodemailer, connections: [5, 10][n % 2], bodyBytes }));
  const shipped = await apprise(sink, { count: run.appriseThrottled, pace: 'as-shipped', bodyBytes });
  const unthrottled = await apprise(sink, { count: run.appriseUnthrottled, pace: 'unthrottled', bodyBytes });
  sink.stop();
  return [
    {
      key: 'b', what: 'accepted → delivered, one account', value: tocsin.perSecond, unit: '/s', aim: { atLeast: 2 * relay.perSecond },
      detail: { accepted: tocsin.accepted },
      peers: [
        { name: `Postfix relays, ${relay.sessions} sessions`, value: relay.perSecond },
        { name: 'nodemailer, pool (nothing durable)', value: pool.perSecond },
        { name: 'Apprise', value: shipped.perSecond },
        { name: 'Apprise, its throttle off', value: unthrottled.perSecond },
      ],
      note: `b: ${run.delivered.toLocaleString('en')} events by HTTP from 64 callers, texts of ${bodyBytes} bytes; from the first accepted to the `
        + 'last counted by smtp-sink, on disk as accepted and as sent. Best of 2; of 4 for Postfix, which gets its mails from smtp-source.',
    },
    {
      key: 'd', what: 'resident memory under (b), most', value: tocsin.memory, unit: 'MB',
      peers: [
        { name: 'Postfix, all processes, shared pages once', value: relay.memory },
        { name: 'nodemailer', value: pool.memory },
        { name: 'Apprise', value: unthrottled.memory },
      ],
    },
  ];
}
