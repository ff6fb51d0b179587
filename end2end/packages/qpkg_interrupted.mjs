// The QPKG's installation, with the plug pulled before each of its changes of the disk. After an upgrade the old or the new
// Tocsin starts with all its data; after a first installation a whole Tocsin starts, or none; and the same, done again,
// comes to its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runUntil, unhold, wrap } from './support/hold.mjs';
import { HERE, make } from './support/packages.mjs';
import { APP, DATA, Qts } from './support/qts.mjs';

const [OLD, NEW] = ['0.0.1', '0.0.2'];
const INSTALL = 'sh /packages/new.qpkg';
// Machines at once, each with its part of the steps: they mostly wait.
const MACHINES = 4;

let packages;
before(async () => {
  packages = await make({ 'old.qpkg': ['qpkg', OLD, HERE], 'new.qpkg': ['qpkg', NEW, HERE] });
});
after(() => packages?.remove());

// The package's script, the installer, and the command that is held back.
const KILL_INSTALLER = `for process in /proc/[0-9]*; do
  [ "\${process#/proc/}" = $$ ] || case $(tr '\\0' ' ' <$process/cmdline 2>/dev/null) in
    *qinstall.sh* | *new.qpkg* | '/bin/sh /bin/mv '*) kill -9 "\${process#/proc/}" ;;
  esac
done`;

// What a machine keeps without power, apart from the system itself.
const STATE = 'share etc/config etc/init.d etc/rcS.d etc/rcK.d home/httpd/RSS/images';

/** A machine that loses its power in an installation, and the copy of its disk to go back to. */
async function prepared(prepare) {
  const qts = await Qts.make('dash', { packages: packages.folder });
  await prepare(qts);
  await wrap(qts.machine);
  await qts.machine.powerOff();
  await qts.machine.outside(`cd "$1"; tar -cf ../state.tar ${STATE}`);
  return qts;
}

/** The old version, and an event. */
async function withTheOldOne(qts) {
  assert.equal((await qts.install('old.qpkg')).code, 10);
  assert.equal((await qts.report('before')).status, 202);
  await qts.service('stop');
}

async function withNone() {}

async function backToTheCopy(qts) {
  await qts.machine.powerOff();
  await qts.machine.outside(`cd "$1"; rm -rf ${STATE}; tar -xf ../state.tar`);
  await qts.pullPlugAndStart();
}

/** That Tocsin answers; else what it said. */
async function healthy(qts, place) {
  const answer = await qts.health();
  if (answer.status === 200) return;
  const running = await qts.machine.run('cat /var/run/tocsin.pid; ps -ef || ps; cat /proc/net/tcp');
  assert.fail(`${place}\n${JSON.stringify(answer)}\n${running.output}\n${await qts.read(`${DATA}/log/tocsin.log`)}`);
}

/** After an upgrade without power. */
async function theOldOrTheNewRuns(qts, start, place) {
  assert.equal(start?.code, 0, `${place}: ${start?.output}`);
  await healthy(qts, `${place}: ${start.output}`);
  assert.equal(JSON.parse((await qts.report('before')).body).repeated, true, `${place}: the event is lost`);
  const release = /^release=(.*)-/m.exec(await qts.read(`${APP}/tocsin.sh`))?.[1];
  assert.ok([OLD, NEW].includes(release), `${place}: ${release}`);
}

/** After a first installation without power. */
async function oneRunsOrNone(qts, start, place) {
  if (start === undefined) {
    assert.notEqual((await qts.health()).status, 200, place);
  } else {
    assert.equal(start.code, 0, `${place}: ${start.output}`);
    await healthy(qts, `${place}: ${start.output}`);
  }
}

/** Pulls the plug before the change number `at` of an installation. False when that has fewer. */
async function interruptedAt(qts, at, check) {
  await backToTheCopy(qts);
  const change = await runUntil(qts.machine, `${at} *`, INSTALL);
  await unhold(qts.machine);
  if (change === undefined) return false;
  const place = `before change ${at}, ${change}`;
  await check(qts, await qts.pullPlugAndStart(), place);

  const again = await qts.install('new.qpkg');
  assert.equal(again.state, '3', `${place}, and again: ${again.output}`);
  await healthy(qts, `${place}, and again: ${again.output}`);
  assert.equal(await qts.setting('Version'), NEW);
  const left = await qts.machine.run(`ls -A ${APP}/releases ${DATA}/.. ${APP}/.. ${DATA}`);
  assert.equal(left.output.match(/0\.0\.\d-/g)?.length, 1, `${place} left ${left.output}`);
  assert.doesNotMatch(left.output, /\.tmp-tocsin|\.new/, place);
  return true;
}

/** Pulls the plug before each change of an installation. Answers how many there are. */
async function interruptedAnywhere(prepare, check) {
  const machines = await Promise.all(Array.from({ length: MACHINES }, () => prepared(prepare)));
  try {
    let next = 1;
    const walk = async (qts) => {
      while (await interruptedAt(qts, next++, check));
    };
    await Promise.all(machines.map(walk));
    return next;
  } finally {
    await Promise.all(machines.map((qts) => qts.remove()));
  }
}

// Fewer changes would mean that the commands are not seen any more.
test('an upgrade that loses its power in any step leaves the old or the new Tocsin, whole', { timeout: 1_200_000 }, async () => {
  const changes = await interruptedAnywhere(withTheOldOne, theOldOrTheNewRuns);
  assert.ok(changes > 50, `an upgrade of ${changes} changes`);
});

test('a first installation that loses its power in any step leaves a whole Tocsin or none', { timeout: 1_200_000 }, async () => {
  const changes = await interruptedAnywhere(withNone, oneRunsOrNone);
  assert.ok(changes > 50, `an installation of ${changes} changes`);
});

test('an installer that is killed, while everything else runs on, can be run again at once', { timeout: 240_000 }, async () => {
  const qts = await prepared(withTheOldOne);
  try {
    await backToTheCopy(qts);
    // Before the release is switched: locks are held, the service is stopped, a new release lies beside the old one.
    assert.match((await runUntil(qts.machine, '* mv *tocsin.sh', INSTALL)) ?? 'nothing', /^mv /);
    await unhold(qts.machine);
    await qts.machine.run(KILL_INSTALLER);
    assert.equal((await qts.service('start')).code, 0);
    assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
    assert.equal((await qts.install('new.qpkg')).state, '3');
    assert.equal(await qts.setting('Version'), NEW);
    assert.ok(await qts.healthy());
  } finally {
    await qts.remove();
  }
});
