// The Debian package under a systemd that runs: what deb.mjs cannot see, the unit's limits above all. Where this
// machine starts no container with a systemd of its own, the tests are skipped and say why.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { booted } from './support/booted.mjs';
import { madeFor, must, variant, withVersion } from './support/deb.mjs';

const HERE = (await must('dpkg', '--print-architecture')).trim();
const CONFIG = '/etc/tocsin/tocsin.toml';

/** Waits at most ten seconds for a shell command's success. */
const when = (command) => `for _ in $(seq 100); do ${command} && break; sleep 0.1; done; ${command}`;
const ANSWERS = when('runuser -u tocsin -- tocsin doctor --data /var/lib/tocsin | grep "Server: runs"');
const STATE = 'systemctl show tocsin -p ActiveState -p UnitFileState -p ExecMainStatus -p NRestarts; systemctl show -P MainPID tocsin';

const STEPS = {
  install: 'dpkg --force-unsafe-io --install /bring/now.deb',
  answers: ANSWERS,
  state: STATE,
  limits: 'grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/$(systemctl show -P MainPID tocsin)/status',
  code: 'journalctl --no-pager -u tocsin | grep "Set-up code"',
  report: 'tocsin report --severity error "Disk 2 failed"',
  upgrade: 'dpkg --force-unsafe-io --install /bring/newer.deb',
  'answers after the upgrade': ANSWERS,
  'state after the upgrade': STATE,
  'a mistake in the settings': `echo 'lisen = 1' >>${CONFIG}; systemctl restart tocsin; ${when('test "$(systemctl show -P ActiveState tocsin)" = failed')}; ${STATE}; sed -i /lisen/d ${CONFIG}`,
  remove: 'systemctl start tocsin; dpkg --remove tocsin; pgrep -x tocsin; test $? = 1',
  purge: 'dpkg --purge tocsin; test ! -e /var/lib/tocsin && test ! -e /etc/tocsin',
};

let results;
let why;
const work = await mkdtemp(join(tmpdir(), 'tocsin-debs-'));
after(() => rm(work, { recursive: true, force: true }));
before(async () => {
  const now = await variant(madeFor(HERE), work, 'now.deb', async () => {});
  const newer = await variant(now, work, 'newer.deb', withVersion('9.9.9-1'));
  ({ results, why } = await booted([now, newer], STEPS));
});

/** A test of some steps' results. */
function told(name, story) {
  test(name, (context) => {
    if (!results) return context.skip(`no systemd runs in a container here: ${why}`);
    return story((step) => {
      const { code, output } = results[step];
      assert.equal(code, 0, `${step}: ${output}`);
      return output;
    });
  });
}

told('it starts by itself after it was installed, and after each boot', (did) => {
  did('install');
  did('answers');
  assert.match(did('state'), /ActiveState=active/);
  assert.match(did('state'), /UnitFileState=enabled/);
  assert.match(did('code'), /Set-up code: \S+/);
});

told('it works with no right that systemd can take away', (did) => {
  const limits = did('limits');
  assert.match(limits, /CapEff:\t0+\n/);
  assert.match(limits, /CapBnd:\t0+\n/);
  assert.match(limits, /NoNewPrivs:\t1\n/);
  assert.match(limits, /Seccomp:\t2\n/);
  assert.doesNotMatch(limits, /Uid:\t0\t/);
  did('report');
});

told('an upgrade restarts it', (did) => {
  did('upgrade');
  did('answers after the upgrade');
  const pid = (text) => /^(\d+)$/m.exec(text)[1];
  assert.notEqual(pid(did('state after the upgrade')), pid(did('state')));
});

told('a mistake in the settings ends it for good, not in a circle', (did) => {
  const state = did('a mistake in the settings');
  assert.match(state, /ActiveState=failed/);
  assert.match(state, /ExecMainStatus=78/);
  assert.match(state, /NRestarts=0/);
});

told('removing it stops it, and purging it takes its data', (did) => {
  did('remove');
  did('purge');
});
