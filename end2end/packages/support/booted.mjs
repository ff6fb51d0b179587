// A Debian with a running systemd: this machine's own, seen through an overlay, in a container of systemd-nspawn(1)
// without a network. Needs root (or sudo) and the package systemd-container. None of this machine's services run in it.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { asRoot, finish } from './finish.mjs';

// $1 is the place; what is in $1/bring is found in /bring, and what is written to /bring/log stays.
const BOOT = `
set -e
mkdir "$1/memory"
mount -t tmpfs -o size=600m tocsin "$1/memory"
mkdir "$1/memory/written" "$1/memory/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/memory/written,workdir=$1/memory/work" tocsin "$1/root"
cd "$1/root"
rm -f usr/sbin/policy-rc.d etc/machine-id var/lib/man-db/auto-update
rm -rf etc/systemd/system/*.wants
cp "$1/bring/tocsin-test.service" etc/systemd/system/
exec systemd-nspawn --quiet --directory="$1/root" --bind="$1/bring:/bring" --private-network --register=no --keep-unit \\
  --boot systemd.unit=tocsin-test.service
`;

const UNIT = `[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh /bring/steps
ExecStopPost=/bin/systemctl poweroff --force
`;

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Boots, does the steps (shell commands by name), and ends. `files` are found in /bring. Answers, by the steps' names,
 * each one's exit code and what it wrote; none where this machine starts no such container, with the reason in `why`.
 */
export async function booted(files, steps) {
  const place = await mkdtemp(join(tmpdir(), 'tocsin-booted-'));
  const bring = join(place, 'bring');
  try {
    await mkdir(join(bring, 'log'), { recursive: true });
    for (const file of files) await cp(file, join(bring, basename(file)));
    await writeFile(join(bring, 'tocsin-test.service'), UNIT);
    const script = Object.entries(steps).map(([name, command]) =>
      `( ${command}\n) >/bring/log/${quoted(name)} 2>&1 </dev/null; echo $? >>/bring/log/${quoted(name)}\n`);
    await writeFile(join(bring, 'steps'), script.join(''));
    const { output } = await finish(asRoot(['timeout', '--kill-after=10', '300', 'unshare', '--mount', 'sh', '-c', BOOT, 'sh', place]));
    const results = {};
    for (const name of Object.keys(steps)) {
      const text = await readFile(join(bring, 'log', name), 'utf8').catch(() => null);
      if (text === null) return { results: null, why: output };
      const whole = /^([^]*?)(\d+)\n$/.exec(text);
      if (!whole) throw new Error(`"${name}" was cut off after: ${text}\n${output}`);
      const [, said, code] = whole;
      results[name] = { code: Number(code), output: said };
    }
    return { results };
  } finally {
    await finish(asRoot(['rm', '-rf', place]));
  }
}
