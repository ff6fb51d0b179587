// The container image: read by skopeo, and its process run as a container runs it, without a daemon: by its own entry
// point, as nobody in particular, on a file system that cannot be written to. Run with: node --test packages/oci.mjs
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { AS_USER, giveAll } from './support/as_user.mjs';
import { built } from './support/built.mjs';
import { answers, reportedBefore } from './support/running.mjs';

const run = promisify(execFile);
const OWN = { x64: 'amd64', arm64: 'arm64' }[process.arch];

const archive = built(/^tocsin-.*-oci\.tar$/);
const version = archive.match(/tocsin-(.*)-oci\.tar$/)[1];
let folder;
let layout;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-oci-'));
  await chmod(folder, 0o755);
  layout = join(folder, 'layout');
  await mkdir(layout);
  await run('tar', ['-xf', archive, '-C', layout]);
});

after(() => rm(folder, { recursive: true }));

async function blob(descriptor) {
  return readFile(join(layout, 'blobs/sha256', descriptor.digest.replace('sha256:', '')));
}

async function json(descriptor) {
  return JSON.parse(await blob(descriptor));
}

/** The image of this machine's processor: its configuration, and its files in a folder. */
async function image() {
  const index = await json(JSON.parse(await readFile(join(layout, 'index.json'))).manifests[0]);
  const manifest = await json(index.manifests.find(({ platform }) => platform.architecture === OWN));
  const root = await mkdtemp(join(folder, 'root-'));
  await writeFile(join(folder, 'layer'), await blob(manifest.layers[0]));
  await run('tar', ['-xzf', join(folder, 'layer'), '-C', root]);
  // Where an engine mounts what every container has.
  await Promise.all(['proc', 'dev'].map((name) => mkdir(join(root, name))));
  const { config } = await json(manifest.config);
  return { config, root };
}

/**
 * A container's process: what the image says, in name spaces of its own but for the network. `data`: the folder that is
 * the volume, or the words of bwrap that mount one.
 */
class Container {
  constructor({ config, root }, data) {
    this.config = config;
    this.root = root;
    this.volume = Array.isArray(data) ? data : ['--bind', data, '/data'];
  }

  #command(words) {
    const [user, group] = this.config.User.split(':');
    // Port 8725 is the container's own, but not this machine's.
    const environment = this.config.Env.filter((line) => !line.startsWith('TOCSIN_LISTEN='));
    environment.push('TOCSIN_LISTEN=127.0.0.1:0');
    return [
      ...['bwrap', '--unshare-all', '--share-net', '--die-with-parent', '--clearenv', '--cap-drop', 'ALL'],
      ...['--uid', user, '--gid', group],
      ...['--ro-bind', this.root, '/', ...this.volume, '--tmpfs', '/tmp'],
      ...['--proc', '/proc', '--dev', '/dev'],
      ...['--chdir', this.config.WorkingDir],
      ...environment.flatMap((line) => ['--setenv', ...line.split(/=(.*)/s).slice(0, 2)]),
      ...words,
    ];
  }

  async start() {
    const [command, ...words] = [...AS_USER, ...this.#command([...this.config.Entrypoint, ...this.config.Cmd])];
    this.process = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    // When the last process of the container has ended: the first one is not it.
    this.ended = once(this.process, 'close');
    await new Promise((ready, failed) => {
      let said = '';
      const hear = (text) => {
        said += text;
        if (said.includes('Tocsin runs at')) ready();
      };
      this.process.stdout.on('data', hear);
      this.process.stderr.on('data', hear);
      this.process.once('close', () => failed(new Error(`it ended: ${said}`)));
    });
  }

  /** As Docker asks whether it is well: the exit code. */
  async health() {
    const [command, ...words] = [...AS_USER, ...this.#command(this.config.Healthcheck.Test.slice(1))];
    const child = spawn(command, words, { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    return code;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

test('skopeo reads an image for each processor, with the name that compose.yaml uses', async () => {
  const raw = JSON.parse((await run('skopeo', ['inspect', '--raw', `oci-archive:${archive}`])).stdout);
  assert.deepEqual(raw.manifests.map(({ platform }) => platform.architecture), ['amd64', 'arm64']);
  for (const architecture of ['amd64', 'arm64']) {
    const inspect = ['--override-os', 'linux', '--override-arch', architecture, 'inspect', `oci-archive:${archive}`];
    const seen = JSON.parse((await run('skopeo', inspect)).stdout);
    assert.equal(seen.Architecture, architecture);
    assert.equal(seen.Labels['org.opencontainers.image.version'], version);
    // What a Docker without containerd's store reads.
    const name = `docker-archive:${archive}:docker.io/library/tocsin:${version}-${architecture}`;
    const older = JSON.parse((await run('skopeo', ['inspect', '--config', name])).stdout);
    assert.equal(older.architecture, architecture);
  }
  const index = JSON.parse(await readFile(join(layout, 'index.json')));
  const name = index.manifests[0].annotations['io.containerd.image.name'];
  const compose = await readFile(built(/^compose\.yaml$/), 'utf8');
  assert.equal(name, `docker.io/library/tocsin:${version}`);
  assert.ok(compose.includes(`image: tocsin:\${TOCSIN_TAG:-${version}}\n`));
  assert.ok(!compose.includes('@VERSION@'));
  // What the image leaves to whoever runs it.
  for (const limit of ['user: "10001:10001"', 'read_only: true', 'cap_drop: [ALL]', 'security_opt: ["no-new-privileges:true"]', 'restart: unless-stopped']) {
    assert.ok(compose.includes(`\n    ${limit}\n`), limit);
  }
});

test('skopeo copies it whole, and refuses it with one changed byte', async () => {
  await run('skopeo', ['copy', '--all', `oci:${layout}`, `oci-archive:${join(folder, 'copy.tar')}`]);
  const changed = join(folder, 'changed');
  await cp(layout, changed, { recursive: true });
  const blobs = join(changed, 'blobs/sha256');
  const contents = await Promise.all((await readdir(blobs)).map((name) => readFile(join(blobs, name))));
  const bytes = contents.reduce((largest, content) => (content.length > largest.length ? content : largest));
  const name = createHash('sha256').update(bytes).digest('hex');
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(join(blobs, name), bytes);
  await assert.rejects(
    run('skopeo', ['copy', '--all', `oci:${changed}`, `oci-archive:${join(folder, 'copy2.tar')}`]),
    /digest|invalid|corrupt/i,
  );
});

test('its process runs as the image says, is found healthy, and finds its data again', async (t) => {
  const { config, root } = await image();
  assert.notEqual(config.User.split(':')[0], '0');
  const data = await mkdtemp(join(folder, 'data-'));
  await giveAll(data);
  await giveAll(root);
  const container = new Container({ config, root }, data);
  assert.equal(await container.health(), 1, 'what never ran is not healthy');
  await container.start();
  t.after(() => container.kill());
  assert.ok(await answers(data));
  assert.equal(await container.health(), 0);
  assert.equal(await reportedBefore(data, 'before'), false);

  await container.kill();
  assert.equal(await container.health(), 1);
  const next = new Container({ config, root }, data);
  await next.start();
  t.after(() => next.kill());
  assert.ok(await reportedBefore(data, 'before'));
});

test('nothing of the image can be written to but the data', async (t) => {
  const { config, root } = await image();
  const data = await mkdtemp(join(folder, 'data-'));
  await giveAll(data);
  await giveAll(root);
  const before = await listing(root);
  const container = new Container({ config, root }, data);
  await container.start();
  await container.kill();
  assert.deepEqual(await listing(root), before);
  const files = await readdir(data);
  assert.ok(files.includes('tocsin.db'), String(files));
});

test('a volume that is read-only or full is told in a word', async () => {
  const parts = await image();
  const data = await mkdtemp(join(folder, 'data-'));
  await giveAll(data);
  await giveAll(parts.root);
  const full = new Container(parts, ['--size', '16384', '--tmpfs', '/data']);
  await assert.rejects(full.start(), /no space left for the data directory \/data: nothing was changed/);
  const locked = new Container(parts, ['--ro-bind', data, '/data']);
  await assert.rejects(locked.start(), /\/data.*read-only/);
  assert.deepEqual(await readdir(data), []);
});

async function listing(root) {
  return (await run('find', [root, '-printf', '%p %s %T@\n'])).stdout;
}
