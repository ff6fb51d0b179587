// The QPKG on machines that look like QTS, under each shell that QTS may have as sh: installed, started, upgraded and
// uninstalled. What goes wrong there is in qpkg_faults.mjs and qpkg_interrupted.mjs.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { finish } from './support/finish.mjs';
import { VERSION } from './support/packages.mjs';
import { FOREIGN, OLD, RELEASED, installed, on } from './support/qpkg.mjs';
import { APP, DATA } from './support/qts.mjs';

const SHELLS = ['bash', 'dash', 'busybox'];
const ICONS = ['tocsin.gif', 'tocsin_80.gif', 'tocsin_gray.gif'].map((name) => `/home/httpd/RSS/images/${name}`);
const LINKS = ['/usr/local/bin/tocsin', '/etc/init.d/tocsin.sh', '/etc/rcS.d/QS150tocsin', '/etc/rcK.d/QK850tocsin'];
const MOST_BYTES = 10_000_000;

test('a package has ten megabytes at most', async () => {
  for (const path of [RELEASED, FOREIGN]) {
    const { size } = await stat(path);
    assert.ok(size <= MOST_BYTES, `${path} has ${size} bytes`);
  }
});

test('the scripts are clean by shellcheck', async () => {
  const top = resolve(import.meta.dirname, '../..');
  const files = ['control/qinstall.sh', 'data/common.sh', 'data/service.sh', 'data/tocsin.sh.in', 'data/uninstall.sh'];
  const paths = files.map((file) => join(top, 'package/qpkg', file));
  const { code, output } = await finish(['shellcheck', '--shell=sh', '--external-sources', `--source-path=${top}`, ...paths]);
  assert.equal(code, 0, output);
});

for (const shell of SHELLS) {
  describe(`where sh is ${shell}`, { concurrency: true }, () => {
    on(shell, 'it installs, starts, answers, upgrades with everything kept, and uninstalls', {}, async (qts) => {
      await installed(qts, 'old.qpkg');
      assert.equal(await qts.setting('Version'), OLD);
      assert.equal(await qts.setting('Enable'), 'TRUE');
      assert.equal(await qts.setting('Install_Path'), APP);
      assert.equal(await qts.setting('Proxy_Path'), '/tocsin');
      for (const path of [...LINKS, ...ICONS]) assert.ok(await qts.exists(path), path);
      assert.ok(await qts.healthy());
      assert.equal((await qts.service('status')).code, 0);

      assert.deepEqual(JSON.parse((await qts.report('before')).body).repeated, false);
      const command = await qts.machine.run('tocsin report --severity error --app Backup "It failed"');
      assert.equal(command.code, 0, command.output);
      await qts.machine.run(`echo 'check-every = "20m"' >>${DATA}/data/tocsin.toml`);
      const settings = await qts.read(`${DATA}/data/tocsin.toml`);

      await installed(qts, 'tocsin.qpkg');
      assert.equal(await qts.setting('Version'), VERSION);
      assert.equal(await qts.read(`${DATA}/data/tocsin.toml`), settings);
      assert.ok(await qts.healthy());
      assert.equal(JSON.parse((await qts.report('before')).body).repeated, true, 'the event is still known');
      assert.match(await qts.quLog(), new RegExp(`^0 \\[Tocsin\\] Upgraded Tocsin from ${OLD} to ${VERSION}`, 'm'));
      assert.equal((await qts.machine.run(`ls ${APP}/releases`)).output.trim().split('\n').length, 1);

      assert.equal((await qts.service('restart')).code, 0);
      assert.ok(await qts.healthy());
      assert.equal((await qts.service('stop')).code, 0);
      assert.equal((await qts.service('status')).code, 3);
      // What root reports while nobody listens is kept for the service's user.
      assert.equal((await qts.machine.run('tocsin report --severity error --app Backup "It failed"')).code, 0);
      assert.match((await qts.machine.run(`ls ${DATA}/data/spool`)).output, /\.json$/m);
      assert.equal((await qts.service('start')).code, 0);
      const gone = `until [ -z "$(ls ${DATA}/data/spool)" ]; do sleep 1; done`;
      assert.equal((await qts.machine.run(gone)).code, 0);

      assert.equal((await qts.uninstall()).code, 0);
      for (const path of [APP, ...LINKS, ...ICONS]) assert.ok(!(await qts.exists(path)), path);
      for (const other of ['QS101mytocsin', 'QS1tocsin2']) assert.ok(await qts.exists(`/etc/rcS.d/${other}`), other);
      assert.ok(await qts.exists(`${DATA}/data/tocsin.db`));
      assert.match(await qts.read('/etc/config/qpkg.conf'), /^\[other\]\nName = other\nEnable = TRUE\n/);
    });

    on(shell, 'it starts again with its data after the power failed', {}, async (qts) => {
      await installed(qts, 'tocsin.qpkg');
      await qts.report('before');
      assert.equal((await qts.pullPlugAndStart()).code, 0);
      assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
    });
  });
}
