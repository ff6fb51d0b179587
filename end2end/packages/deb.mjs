// The Debian packages, installed in a Debian of their own: what they say of themselves, their life from dpkg -i to
// purge, and what goes wrong. Needs root or sudo, and `make package` before.
import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, stat, truncate, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { edit, field, madeFor, must, projectFile, variant, withVersion } from './support/deb.mjs';
import { DebianRoot } from './support/debian_root.mjs';
import { finish } from './support/finish.mjs';
import { Service } from './support/service.mjs';

const HERE = (await must('dpkg', '--print-architecture')).trim();
const OTHER = HERE === 'amd64' ? 'arm64' : 'amd64';
const CONFIG = '/etc/tocsin/tocsin.toml';

/** What ELF's e_machine says (System V ABI, and its supplements for AMD64 and AArch64). */
const MACHINES = { amd64: 62, arm64: 183 };

const made = madeFor(HERE);
const version = await field(made, 'Version');
const work = await mkdtemp(join(tmpdir(), 'tocsin-debs-'));
after(() => rm(work, { recursive: true, force: true }));

const older = await variant(made, work, 'older.deb', withVersion('0.0.1-1'));
const newer = await variant(made, work, 'newer.deb', withVersion('9.9.9-1'));

/** Installs a package file of this machine. */
async function install(root, deb, ...options) {
  const path = await root.bring(deb, 'package.deb');
  return root.run(['dpkg', '--force-unsafe-io', ...options, '--install', path]);
}

/** The version that dpkg has installed; empty where it is not. */
async function installed(root) {
  const { output } = await root.run(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Version}', 'tocsin']);
  return /^ii (\S+)/.exec(output)?.[1] ?? '';
}

/** That the service starts and answers. Answers its set-up code's or log's text. */
async function answers(root) {
  const service = await Service.start(root);
  assert.ok(service.url, service.output);
  const { code, output } = await root.run(['curl', '--silent', '--fail', `${service.url}/readyz`]);
  assert.deepEqual([code, output.trim()], [0, 'ok']);
  assert.equal(await service.stop(), 0, service.output);
  return service.output;
}

describe('What the packages say of themselves', () => {
  for (const architecture of ['amd64', 'arm64']) {
    test(`the one for ${architecture} is of that architecture, and so is its program`, async () => {
      const deb = madeFor(architecture);
      assert.equal(await field(deb, 'Package'), 'tocsin');
      assert.equal(await field(deb, 'Architecture'), architecture);
      assert.equal(await field(deb, 'Version'), version);
      const tree = join(work, `tree-${architecture}`);
      await must('dpkg-deb', '--extract', deb, tree);
      const file = await open(join(tree, 'usr/bin/tocsin'));
      const { buffer } = await file.read(Buffer.alloc(20), 0, 20, 0);
      await file.close();
      assert.equal(buffer.readUInt16LE(18), MACHINES[architecture]);
    });

    test(`lintian has nothing to say of the one for ${architecture} but what is overridden with a reason`, async () => {
      const { code, output } = await finish(['lintian', '--allow-root', '--fail-on', 'error,warning', '--tag-display-limit', '0', madeFor(architecture)]);
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /^[EW]: /m);
      assert.doesNotMatch(output, /unused-override/);
    });
  }

  test('the changelog ends with this version', async () => {
    const changelog = await readFile(projectFile('package/deb/changelog'), 'utf8');
    assert.equal(/^tocsin \((\S+)\)/.exec(changelog)?.[1], version);
  });

  test('systemd rates the unit’s exposure 2.0 or less', async () => {
    const { code, output } = await finish(['systemd-analyze', 'security', '--offline=true', '--threshold=20', '--no-pager', projectFile('package/deb/tocsin.service')]);
    assert.equal(code, 0, output);
  });

  test('systemd finds no mistake in the unit', async () => {
    const root = await DebianRoot.open();
    try {
      assert.equal((await install(root, made)).code, 0);
      const { code, output } = await root.run(['systemd-analyze', 'verify', '/usr/lib/systemd/system/tocsin.service']);
      assert.deepEqual([code, output.split('\n').filter((line) => line.includes('tocsin'))], [0, []]);
    } finally {
      await root.close();
    }
  });
});

describe('A life', { concurrency: false }, () => {
  let root;
  before(async () => { root = await DebianRoot.open(); });
  after(() => root.close());

  test('it is installed without a question, and says where the set-up code stands', async () => {
    const { code, output } = await install(root, made);
    assert.equal(code, 0, output);
    assert.match(output, /journalctl -u tocsin/);
    assert.equal(await installed(root), version);
    await root.shell('getent passwd tocsin && test -e /etc/systemd/system/multi-user.target.wants/tocsin.service');
  });

  test('every option that its settings name as an example is one that the program takes', async () => {
    const settings = await root.shell(`sed -n 's/^#\\([a-z-]* = \\)/\\1/p' ${CONFIG}`);
    assert.ok(settings.split('\n').length > 4, settings);
    await root.shell(`cp ${CONFIG} /tmp/packaged.toml; printf '%s' "$1" >${CONFIG}`, settings);
    const service = await Service.start(root);
    assert.ok(service.url, service.output);
    assert.equal(await service.stop(), 0);
    await root.shell(`cp /tmp/packaged.toml ${CONFIG}`);
  });

  test('it answers on its own port, as a user of its own, with data that others cannot read', async () => {
    const said = await answers(root);
    assert.match(said, /Tocsin runs at http:\/\/127\.0\.0\.1:8725\n/);
    assert.match(said, /Set-up code: /);
    const modes = await root.shell('cd /var/lib/tocsin; stat -c "%n %U %a" . tocsin.db tocsin.key administer.json report.json spool');
    assert.equal(modes, '. tocsin 750\ntocsin.db tocsin 600\ntocsin.key tocsin 600\nadminister.json tocsin 600\nreport.json tocsin 640\nspool tocsin 770\n');
  });

  test('what root reports while it is stopped is taken in at its start', async () => {
    await root.shell('umask 077; tocsin report --severity warning "Disk 2 failed"; test -n "$(ls /var/lib/tocsin/spool)"');
    const service = await Service.start(root);
    await root.shell('for _ in $(seq 100); do test -z "$(ls /var/lib/tocsin/spool)" && exit 0; sleep 0.1; done; exit 1');
    assert.equal(await service.stop(), 0, service.output);
  });

  test('a newer version keeps data and edited settings', async () => {
    const token = () => root.shell('cat /var/lib/tocsin/report.json');
    const kept = JSON.parse(await token()).token;
    await root.shell(`printf 'listen = "127.0.0.1:8726"\\n' >${CONFIG}`);
    const changed = await variant(made, work, 'changed.deb', async (tree) => {
      await withVersion('9.9.9-1')(tree);
      await edit(tree, CONFIG, (text) => `${text}\n# New in this version.\n`);
    });
    const { code, output } = await install(root, changed, '--force-confold');
    assert.equal(code, 0, output);
    assert.equal(await installed(root), '9.9.9-1');
    assert.match(await answers(root), /127\.0\.0\.1:8726/);
    assert.equal(JSON.parse(await token()).token, kept, 'the token is known to the database that was kept');
    await root.shell(`grep -q 'New in this version' ${CONFIG}.dpkg-dist`);
  });

  test('an older version is refused with the way back, and the newer one stays', async () => {
    const { code, output } = await install(root, older);
    assert.notEqual(code, 0);
    assert.match(output, /0\.0\.1-1 is older than the installed 9\.9\.9-1/);
    assert.match(output, /\/var\/lib\/tocsin\/copies/);
    assert.equal(await installed(root), '9.9.9-1');
    await answers(root);
  });

  test('removing it keeps the data and says so', async () => {
    const { code, output } = await root.run(['dpkg', '--remove', 'tocsin']);
    assert.equal(code, 0, output);
    assert.match(output, /data stay in \/var\/lib\/tocsin/);
    await root.shell(`test ! -e /usr/bin/tocsin; test -e /var/lib/tocsin/tocsin.db; test -e ${CONFIG}`);
  });

  test('installed again, it goes on with the data', async () => {
    assert.equal((await install(root, newer, '--force-confold')).code, 0);
    assert.doesNotMatch(await root.shell('ls /var/lib/tocsin/spool'), /json/);
    await answers(root);
  });

  test('purging it deletes data and settings and says so', async () => {
    const { code, output } = await root.run(['dpkg', '--purge', 'tocsin']);
    assert.equal(code, 0, output);
    assert.match(output, /Deleting Tocsin's data in \/var\/lib\/tocsin/);
    await root.shell('test ! -e /var/lib/tocsin; test ! -e /etc/tocsin; test ! -e /etc/systemd/system/multi-user.target.wants/tocsin.service');
  });
});

describe('What goes wrong', () => {
  /** A Debian with this version installed, which is closed in the end. */
  async function withInstalled(options, story) {
    const root = await DebianRoot.open(options);
    try {
      const { code, output } = await install(root, made);
      assert.equal(code, 0, output);
      await answers(root);
      await story(root);
    } finally {
      await root.close();
    }
  }

  test('the package of another processor is refused, and nothing is installed', async () => {
    const root = await DebianRoot.open();
    try {
      const { code, output } = await install(root, madeFor(OTHER));
      assert.notEqual(code, 0);
      assert.match(output, new RegExp(`architecture \\(${OTHER}\\) does not match`));
      await root.shell('test ! -e /usr/bin/tocsin');
    } finally {
      await root.close();
    }
  });

  test('an upgrade that is killed before it unpacks leaves the old, and works the second time', async () => {
    const killed = await variant(newer, work, 'killed-early.deb', (tree) =>
      edit(tree, 'DEBIAN/preinst', (text) => text.replace('set -e\n', 'set -e\nkill -KILL "$PPID"\n')));
    await withInstalled({}, async (root) => {
      assert.notEqual((await install(root, killed)).code, 0);
      await answers(root);
      assert.equal((await install(root, newer)).code, 0);
      assert.equal(await installed(root), '9.9.9-1');
      await answers(root);
    });
  });

  test('an upgrade that is killed after it unpacked leaves the new, and is finished by dpkg --configure', async () => {
    const killed = await variant(newer, work, 'killed-late.deb', (tree) =>
      edit(tree, 'DEBIAN/postinst', (text) => text.replace('set -e\n', 'set -e\ntest -e /tmp/second || { touch /tmp/second; kill -KILL "$PPID"; }\n')));
    await withInstalled({}, async (root) => {
      assert.notEqual((await install(root, killed)).code, 0);
      await answers(root);
      assert.equal((await root.run(['dpkg', '--configure', '-a'])).code, 0);
      assert.equal(await installed(root), '9.9.9-1');
      await answers(root);
    });
  });

  test('a package that was cut off while it was loaded leaves the old', async () => {
    const cut = join(work, 'cut.deb');
    await copyFile(newer, cut);
    await truncate(cut, Math.floor((await stat(newer)).size / 2));
    await withInstalled({}, async (root) => {
      assert.notEqual((await install(root, cut)).code, 0);
      assert.equal(await installed(root), version);
      await answers(root);
    });
  });

  test('an upgrade without space leaves the old', async () => {
    const size = (await stat(join(work, `tree-${HERE}`, 'usr/bin/tocsin'))).size;
    // Room for one program and dpkg's own files, not for a second program beside the first.
    await withInstalled({ size: `${Math.ceil(size / 1024 / 1024) + 12}m` }, async (root) => {
      const { code, output } = await install(root, newer);
      assert.notEqual(code, 0);
      assert.match(output, /No space left on device/);
      assert.equal(await installed(root), version);
      await answers(root);
    });
  });

  test('settings with a mistake are refused with the line, and the service is not tried again', async () => {
    await withInstalled({}, async (root) => {
      await root.shell(`printf '# mine\\nlisen = "127.0.0.1:0"\\n' >${CONFIG}`);
      const service = await Service.start(root);
      assert.equal(service.code, 78);
      assert.match(service.output, /\/etc\/tocsin\/tocsin\.toml.*line 2/s);
      assert.match(await root.shell('cat /usr/lib/systemd/system/tocsin.service'), /^RestartPreventExitStatus=.*\b78\b/m);
    });
  });

  test('a port that is taken is named, with where to choose another', async () => {
    await withInstalled({}, async (root) => {
      const first = await Service.start(root);
      const { code, output } = await root.run(['tocsin', 'serve', '--data', '/tmp/second']);
      assert.equal(code, 69, output);
      assert.match(output, /127\.0\.0\.1:8725: another program already does/);
      assert.equal(await first.stop(), 0);
    });
  });

  test('a data directory that takes no writes is named, and nothing in it changes', async () => {
    await withInstalled({}, async (root) => {
      await root.shell('mount --bind /var/lib/tocsin /var/lib/tocsin; mount -o remount,bind,ro /var/lib/tocsin');
      const unit = ['setpriv', '--reuid=tocsin', '--regid=tocsin', '--init-groups', 'tocsin', 'serve', '--data', '/var/lib/tocsin'];
      const { code, output } = await root.run(unit);
      assert.equal(code, 73, output);
      assert.match(output, /\/var\/lib\/tocsin cannot be written: its file system is read-only/);
      await root.shell('umount /var/lib/tocsin');
      await answers(root);
    });
  });
});
