// The QPKG on machines that look like QTS, where something is wrong with the machine, the package or the administrator's
// wishes: a word that helps, and nothing lost.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'node:test';
import { NEW, OLD, installed, on, packages, refused } from './support/qpkg.mjs';
import { APP, DATA, VOLUME } from './support/qts.mjs';

const shell = 'dash';

describe('what goes wrong', { concurrency: true }, () => {
  on(shell, 'a reinstallation after an uninstallation finds the data', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.report('before');
    await qts.uninstall();
    // App Center forgets the app.
    await qts.machine.run("printf '[other]\\nName = other\\n' >/etc/config/qpkg.conf");
    await installed(qts, 'tocsin.qpkg');
    assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
  });

  on(shell, 'an uninstallation deletes the data where that is set', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.set('Remove_Data', 'TRUE');
    await qts.uninstall();
    assert.ok(!(await qts.exists(DATA)));
    assert.ok(await qts.exists(VOLUME));
  });

  on(shell, 'an older version is refused, and the newer one runs on', {}, async (qts) => {
    await installed(qts, 'new.qpkg');
    await refused(qts, await qts.install('tocsin.qpkg'), /which an older one cannot read/);
    assert.ok(await qts.healthy());
    assert.equal(await qts.setting('Version'), NEW);
    // Also where only the data is left.
    await qts.uninstall();
    await refused(qts, await qts.install('tocsin.qpkg'), /which an older one cannot read/);
  });

  on(shell, 'a package for another processor is refused', {}, async (qts) => {
    await refused(qts, await qts.install('other.qpkg'), /Take the package tocsin_.*\.qpkg/);
    assert.ok(!(await qts.exists(APP)));
  });

  on(shell, 'a volume without room is left as it was', { volume: 'size=12m' }, async (qts) => {
    await refused(qts, await qts.install('tocsin.qpkg'), /Free some space/);
    assert.equal((await qts.machine.run(`find ${VOLUME} -type f`)).output, '');
  });

  on(shell, 'an upgrade without room leaves the old Tocsin, running and with its data', { volume: 'size=64m' }, async (qts) => {
    await installed(qts, 'old.qpkg');
    await qts.report('before');
    // No room for the package; and room for it, but not for a copy of the data.
    for (const [file, mib, place] of [[`${VOLUME}/film`, 44, '.qpkg'], [`${DATA}/data/much`, 16, '.qpkg_data/tocsin']]) {
      await qts.machine.run(`dd if=/dev/zero of=${file} bs=1048576 count=${mib}`);
      await refused(qts, await qts.install('tocsin.qpkg'), new RegExp(`on the volume of .*/${place}, .* Free some space`));
      assert.ok(await qts.healthy());
      assert.equal(await qts.setting('Version'), OLD);
      assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
      await qts.machine.run(`rm ${file}`);
    }
    await installed(qts, 'tocsin.qpkg');
    assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
  });

  on(shell, 'an app that is switched off stays so through an upgrade', {}, async (qts) => {
    await installed(qts, 'old.qpkg');
    await qts.service('stop');
    await qts.set('Enable', 'FALSE');
    await installed(qts, 'tocsin.qpkg');
    assert.equal(await qts.setting('Enable'), 'FALSE');
    assert.equal((await qts.service('status')).code, 3);
    assert.match((await qts.service('start')).output, /switched off in App Center/);
  });

  on(shell, 'a port that is taken is told with the way out, which works', {}, async (qts) => {
    await qts.machine.occupy(8725);
    const { output } = await installed(qts, 'tocsin.qpkg');
    assert.match(output, /cannot listen on 127\.0\.0\.1:8725/);
    assert.match(await qts.quLog(), /^2 \[Tocsin\] Tocsin could not be started: cannot listen on .*setcfg tocsin Web_Port 8726/m);
    assert.match(await qts.read(`${DATA}/log/tocsin.log`), /cannot listen on/);
    await qts.set('Web_Port', '8726');
    assert.equal((await qts.service('start')).code, 0);
    assert.ok(await qts.healthy(8726));
    // An upgrade keeps the port.
    await installed(qts, 'new.qpkg');
    assert.ok(await qts.healthy(8726));
  });

  on(shell, 'a data folder that became read-only is told, and all is well when it is not any more', {}, async (qts) => {
    await installed(qts, 'old.qpkg');
    await qts.report('before');
    await qts.service('stop');
    await qts.machine.mount(`-o remount,bind,ro ${VOLUME}`);
    const start = await qts.service('start');
    assert.equal(start.code, 1);
    assert.match(await qts.quLog(), /^2 \[Tocsin\] Tocsin could not be started: its data folder .* is read-only/m);
    const upgrade = await qts.install('tocsin.qpkg');
    assert.equal(upgrade.state, '-1');
    await qts.machine.mount(`-o remount,bind,rw ${VOLUME}`);
    assert.equal((await qts.service('start')).code, 0);
    assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
  });

  on(shell, 'a locked volume is told, and nothing is written in its place', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.service('stop');
    await qts.machine.run(`mv ${DATA} ${DATA}.elsewhere`);
    assert.equal((await qts.service('start')).code, 1);
    assert.match(await qts.quLog(), /If its volume is locked, unlock it/);
    assert.ok(!(await qts.exists(DATA)));
  });

  on(shell, 'a changed byte is found before anything is touched', {}, async (qts) => {
    await installed(qts, 'old.qpkg');
    const whole = await readFile(join(packages.folder, 'tocsin.qpkg'));
    const { length } = whole;
    // The script's comment and its end, the control archive, the data's beginning, middle and end, the tail.
    for (const place of [40, 4000, 9000, 20000, length >> 1, length - 101, length - 60]) {
      const changed = Buffer.from(whole);
      changed[place] ^= 1;
      await writeFile(join(packages.folder, `changed-${place}.qpkg`), changed);
      const result = await qts.install(`changed-${place}.qpkg`);
      assert.notEqual(result.code, 10, `byte ${place} of ${length}: ${result.output}`);
      assert.equal(await qts.setting('Version'), OLD);
    }
    assert.match(await qts.quLog(), /^2 \[Tocsin\] This Tocsin package is damaged/m);
    assert.ok(await qts.healthy());
  });

  on(shell, 'a program that does not stop when told to is killed, and has lost nothing', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.report('before');
    await qts.machine.run('kill -STOP "$(cat /var/run/tocsin.pid)"');
    assert.equal((await qts.service('stop')).code, 0);
    assert.match(await qts.quLog(), /^1 \[Tocsin\] Tocsin did not end within/m);
    assert.equal((await qts.service('start')).code, 0);
    assert.equal(JSON.parse((await qts.report('before')).body).repeated, true);
  });

  on(shell, 'a program that died is said to have, and starts again', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.machine.run('kill -9 "$(cat /var/run/tocsin.pid)"');
    assert.equal((await qts.service('status')).code, 1);
    assert.equal((await qts.service('start')).code, 0);
    assert.ok(await qts.healthy());
  });

  on(shell, 'two starts at once start one Tocsin', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.service('stop');
    const both = await Promise.all([qts.service('start'), qts.service('start')]);
    assert.deepEqual(both.map(({ code }) => code), [0, 0]);
    assert.equal((await qts.machine.run("cat /proc/[0-9]*/comm | grep -c '^tocsin$'")).output.trim(), '1');
  });

  on(shell, 'the log is cut when it has grown, and the one before it is kept', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    await qts.machine.run(`dd if=/dev/zero of=${DATA}/log/tocsin.log bs=1048576 count=6`);
    await qts.service('restart');
    assert.match(await qts.read(`${DATA}/log/tocsin.log`), /^=== start of Tocsin/);
    assert.ok(await qts.exists(`${DATA}/log/tocsin.log.1`));
  });

  on(shell, 'the program runs as nobody of importance, and the set-up code is for administrators', {}, async (qts) => {
    await installed(qts, 'tocsin.qpkg');
    const { output } = await qts.machine.run('grep -E "^(Uid|Gid|Groups):" "/proc/$(cat /var/run/tocsin.pid)/status"');
    assert.match(output, /^Uid:\t8725\t8725\t8725\t8725\nGid:\t8725\t8725\t8725\t8725\nGroups:\t *\n$/);
    const modes = await qts.machine.run(`ls -ldn /var/run/tocsin.announced ${DATA}/log ${DATA}/data`);
    assert.match(modes.output, /^drwx------ .* 8725 +8725 .*\/data\ndrwx------ .* 0 +0 .*\/log\n-rw------- .* 0 +0 /);
  });

  on(shell, 'where the system keeps such a user out of the data, the program runs as root and says so', {}, async (qts) => {
    await qts.machine.run(`mkdir -p ${VOLUME}/.qpkg_data; chmod 700 ${VOLUME}/.qpkg_data`);
    await installed(qts, 'tocsin.qpkg');
    assert.match(await qts.quLog(), /^1 \[Tocsin\] This NAS does not let an unprivileged user/m);
    assert.ok(await qts.healthy());
  });
});
