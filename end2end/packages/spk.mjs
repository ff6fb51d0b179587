// The package for DSM 7: its scripts, run by an unprivileged user under the shells that a NAS may have, as Package
// Center runs them. Run with: node --test packages/spk.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { USER, give } from './support/as_user.mjs';
import { built } from './support/built.mjs';
import { Dsm, Interrupted, UPGRADE, relabelled, unpack } from './support/dsm.mjs';
import { answers, reportedBefore } from './support/running.mjs';

const [HERE, ELSEWHERE] = process.arch === 'arm64' ? ['armv8', 'x86_64'] : ['x86_64', 'armv8'];
const packageFor = (arch) => built(new RegExp(`^tocsin-.*-${arch}\\.spk$`));
const SHELLS = { bash: ['bash', '--posix'], dash: ['dash'], busybox: ['busybox', 'sh'] };
const KEY = 'the event of before';

const packages = {};
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-spk-'));
  await chmod(folder, 0o755);
  packages.now = await unpack(packageFor(HERE), join(folder, 'now'));
  packages.foreign = await unpack(packageFor(ELSEWHERE), join(folder, 'foreign'));
  packages.older = await relabelled(packages.now, '0.0.9-0001', join(folder, 'older'));
  packages.newer = await relabelled(packages.now, '99.10.0-0001', join(folder, 'newer'));
});

after(() => rm(folder, { recursive: true }));

/** A NAS, whose administrator has given Tocsin a port that is free. */
async function nas(t, shell = SHELLS.dash, listen = '127.0.0.1:0') {
  const dsm = await Dsm.start(shell);
  t.after(() => dsm.end());
  if (listen) {
    await dsm.makeFolders();
    await writeFile(join(dsm.data, 'tocsin.toml'), `listen = "${listen}"\n`);
    await give(join(dsm.data, 'tocsin.toml'));
  }
  return dsm;
}

async function pidOf(dsm) {
  return Number(await readFile(join(dsm.data, 'tocsin.pid'), 'utf8'));
}

/** Waits until the process is gone or a zombie that nobody collects. */
async function gone(pid) {
  for (;;) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line === '') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

// Most of their time is waiting for a process to start or to end.
describe('the package for DSM', { concurrency: 6 }, () => {
  for (const [name, shell] of Object.entries(SHELLS)) {
    test(`under ${name} it installs, starts, upgrades with its data, and goes as it was told to`, async (t) => {
      const dsm = await nas(t, shell);
      const installed = await dsm.install(packages.older);
      assert.match(installed.said, /Open Tocsin from the main menu/);
      assert.ok(await answers(dsm.data));
      assert.equal((await stat(`/proc/${await pidOf(dsm)}`)).uid, USER);
      assert.equal((await dsm.control('status')).code, 0);
      assert.equal(await reportedBefore(dsm.data, KEY), false);

      assert.equal((await dsm.control('stop')).code, 0);
      assert.equal((await dsm.control('status')).code, 3);
      await assert.rejects(answers(dsm.data), 'a stopped Tocsin does not answer');
      assert.equal((await dsm.control('start')).code, 0);
      assert.equal((await dsm.control('start')).code, 0, 'starting what runs is no fault');

      await dsm.upgrade(packages.now);
      assert.ok(await reportedBefore(dsm.data, KEY), 'the database is the one of before');

      await dsm.uninstall({ removeData: false });
      await dsm.install(packages.now);
      assert.ok(await reportedBefore(dsm.data, KEY), 'kept data are found again');

      await dsm.uninstall({ removeData: true });
      assert.deepEqual(await readdir(dsm.data), []);
    });
  }

  test('a process that ended by itself shows in the status, and starts again with its data', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.now);
    await reportedBefore(dsm.data, KEY);
    const pid = await pidOf(dsm);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    assert.equal((await dsm.control('status')).code, 1);
    assert.equal((await dsm.control('start')).code, 0);
    assert.ok(await reportedBefore(dsm.data, KEY));
  });

  test('the number of another program is not taken for Tocsin after a restart of the NAS', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.now);
    await dsm.control('stop');
    await writeFile(join(dsm.data, 'tocsin.pid'), `${process.pid}\n`);
    assert.equal((await dsm.control('status')).code, 1);
    assert.equal((await dsm.control('stop')).code, 0, 'and this test was not stopped by that');
  });

  test('where nobody has set an address, it listens where the icon leads to', async (t) => {
    const dsm = await nas(t, SHELLS.dash, null);
    await dsm.install(packages.now, { start: false });
    assert.match(await readFile(join(dsm.data, 'tocsin.toml'), 'utf8'), /^listen = "0\.0\.0\.0:8725"$/m);
    const icon = JSON.parse(await readFile(join(dsm.target, 'ui/config'), 'utf8'))['.url']['org.tocsin.Tocsin'];
    assert.equal(icon.port, '8725');
  });

  test('nobody else on the NAS may read the data', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.now);
    assert.equal((await stat(dsm.data)).mode & 0o777, 0o750);
    for (const file of await readdir(dsm.data)) {
      if (file === 'tocsin.toml') continue;
      assert.equal((await stat(join(dsm.data, file))).mode & 0o007, 0, file);
    }
  });

  test('a log that has grown is put aside when it starts', async (t) => {
    const dsm = await nas(t);
    const log = join(dsm.data, 'tocsin.log');
    await writeFile(log, 'x'.repeat(5 * 1024 * 1024 + 1));
    await give(log);
    await dsm.install(packages.now);
    assert.ok((await stat(log)).size < 1024 * 1024);
    assert.equal((await stat(`${log}.1`)).size, 5 * 1024 * 1024 + 1);
  });

  test('going back to an older version is refused, and the newer one is still there', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.newer);
    await reportedBefore(dsm.data, KEY);
    await assert.rejects(dsm.upgrade(packages.now), /99\.10\.0-0001 was here.*older.*Nothing was changed/s);
    assert.equal((await dsm.control('start')).code, 0);
    assert.ok(await reportedBefore(dsm.data, KEY));
    await dsm.uninstall({ removeData: false });
    await assert.rejects(dsm.install(packages.now), /99\.10\.0-0001 was here/, 'also over data that were kept');
  });

  test('a package for another processor is refused before anything is changed', async (t) => {
    const dsm = await nas(t);
    await assert.rejects(dsm.install(packages.foreign), /for processors of the kind \w+, and this NAS has \w+/);
    assert.equal(await dsm.hasProgram(), false);
    await dsm.install(packages.older);
    await assert.rejects(dsm.upgrade(packages.foreign), /for processors of the kind/);
    assert.equal((await dsm.control('start')).code, 0, 'the old version still runs');
  });

  test('a full volume is refused in words, in an installation and in an upgrade', async (t) => {
    const dsm = await nas(t);
    const full = 'echo Filesystem 1024-blocks Used Available Capacity Mounted on; echo /dev/md2 9 9 999 99% /volume1';
    await dsm.command('df', full);
    await assert.rejects(dsm.install(packages.older), /not enough room.*needs \d+ MB, and 0 MB are free/s);
    await rm(join(dsm.commands, 'df'));
    await dsm.install(packages.older);
    await dsm.command('df', full);
    await assert.rejects(dsm.upgrade(packages.now), /not enough room/);
    assert.equal((await dsm.control('start')).code, 0, 'the old version still runs');
  });

  test('a port that is taken is named, and so is what to do', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    t.after(() => taken.close());
    const dsm = await nas(t, SHELLS.dash, `127.0.0.1:${taken.address().port}`);
    await assert.rejects(
      dsm.install(packages.now),
      new RegExp(`did not start.*cannot listen on 127\\.0\\.0\\.1:${taken.address().port}.*Its whole log is`, 's'),
    );
    assert.equal((await dsm.control('status')).code, 3);
  });

  test('a data directory that is read-only is named, and what it holds stays', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.now);
    await reportedBefore(dsm.data, KEY);
    await dsm.control('stop');
    await chmod(dsm.data, 0o555);
    const refused = await dsm.control('start');
    assert.equal(refused.code, 1);
    assert.match(refused.said, /cannot write to its data directory .*read-only/);
    await chmod(dsm.data, 0o750);
    assert.equal((await dsm.control('start')).code, 0);
    assert.ok(await reportedBefore(dsm.data, KEY));
  });

  test('an upgrade over a data directory that is read-only is refused, and the old version is still there', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.older);
    await reportedBefore(dsm.data, KEY);
    await dsm.control('stop');
    await chmod(dsm.data, 0o555);
    await assert.rejects(dsm.upgrade(packages.now), /cannot write to its data directory .*read-only/);
    await chmod(dsm.data, 0o750);
    assert.equal((await dsm.control('start')).code, 0);
    assert.ok(await reportedBefore(dsm.data, KEY));
  });

  test('an older version over data that were kept is refused also where their link comes late', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.newer);
    await dsm.uninstall({ removeData: false });
    const kept = join(dsm.data, 'package-version');
    const late = `${kept}.late`;
    await rename(kept, late);
    await assert.rejects(dsm.install(packages.now, { beforePostinst: () => rename(late, kept) }), /99\.10\.0-0001 was here/);
    assert.match(await readFile(kept, 'utf8'), /^99\.10\.0-0001$/m);
  });

  test('a program that is slow to be read from its disk is waited for', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.now, { start: false });
    const program = join(dsm.target, 'bin/tocsin');
    const there = join(dsm.target, 'bin/there/tocsin');
    await mkdir(dirname(there));
    await rename(program, there);
    // Until then its process bears the name of what started it.
    await writeFile(program, `#!/bin/sh\n[ "$1" = serve ] || exec "${there}" "$@"\nDATA="$3" exec sh "${program}.later"\n`, { mode: 0o755 });
    await writeFile(`${program}.later`, `sleep 3\nexec "${there}" serve --data "$DATA"\n`);
    const started = await dsm.control('start');
    assert.equal(started.code, 0, started.said);
    assert.equal((await dsm.control('status')).code, 0);
  });

  for (const step of UPGRADE) {
    test(`an upgrade that is interrupted after ${step} leaves the old or the new, and the data`, async (t) => {
      const dsm = await nas(t);
      await dsm.install(packages.older);
      await reportedBefore(dsm.data, KEY);
      await assert.rejects(dsm.upgrade(packages.now, { stopAfter: step }), Interrupted);
      if (await dsm.hasProgram()) {
        assert.equal((await dsm.control('start')).code, 0);
      } else {
        await dsm.install(packages.now);
      }
      assert.ok(await reportedBefore(dsm.data, KEY));
    });
  }

  // The only script that changes something, killed before each change.
  for (const command of ['chmod', 'mv']) {
    test(`an upgrade whose postinst is killed at its ${command} is made good by the next installation`, async (t) => {
      const dsm = await nas(t);
      await dsm.install(packages.older);
      await reportedBefore(dsm.data, KEY);
      await dsm.command(command, 'kill -9 $PPID');
      await assert.rejects(dsm.upgrade(packages.now));
      await rm(join(dsm.commands, command));
      await dsm.install(packages.now);
      assert.ok(await reportedBefore(dsm.data, KEY));
    });
  }

  test('a start that is killed at once is made good by the next', async (t) => {
    const dsm = await nas(t);
    await dsm.install(packages.older);
    await reportedBefore(dsm.data, KEY);
    await dsm.upgrade(packages.now, { stopAfter: 'postupgrade' }).catch(() => {});
    const starting = dsm.control('start');
    let pid;
    while (!pid) pid = await pidOf(dsm).catch(() => 0);
    process.kill(pid, 'SIGKILL');
    assert.equal((await starting).code, 1);
    assert.equal((await dsm.control('start')).code, 0);
    assert.ok(await reportedBefore(dsm.data, KEY));
  });

  test('a changed byte in the package is found', async () => {
    const bytes = await readFile(packageFor(HERE));
    const archive = bytes.indexOf(await readFile(join(packages.now, 'package.tgz')));
    bytes[archive + 1000] ^= 1;
    await writeFile(join(folder, 'changed.spk'), bytes);
    await assert.rejects(unpack(join(folder, 'changed.spk'), join(folder, 'changed')), /not what INFO says/);
  });

  test('the scripts are clean by shellcheck', () => {
    const root = join(import.meta.dirname, '../..');
    const folder = join(root, 'package/spk/scripts');
    // What all of them read is checked with each.
    const files = readdirSync(folder).filter((name) => name !== 'common').map((name) => join(folder, name));
    const checked = spawnSync('shellcheck', ['--external-sources', ...files], { cwd: root, encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout ?? String(checked.error));
  });
});
