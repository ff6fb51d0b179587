// A machine that looks like QTS to a package: its folders, its configuration files, stand-ins for getcfg, setcfg and
// log_tool (their arguments as packaging scripts use them: QDK 2.5.3, shared/scripts/qinstall.sh), and its df.
import { readFileSync } from 'node:fs';
import { Machine } from './machine.mjs';

export const VOLUME = '/share/CACHEDEV1_DATA';
export const APP = `${VOLUME}/.qpkg/tocsin`;
export const DATA = `${VOLUME}/.qpkg_data/tocsin`;

const standIn = (name) => readFileSync(new URL(`qts/${name}`, import.meta.url), 'utf8');

const LAY_OUT = `cd "$1"
mkdir -p etc/config etc/init.d etc/rcS.d etc/rcK.d home/httpd/RSS/images mnt/HDA_ROOT usr/local/bin var/log .${VOLUME}/Public
for other in QS101mytocsin QS1tocsin2; do echo other >etc/rcS.d/$other; done
printf '[Public]\\npath = ${VOLUME}/Public\\n' >etc/config/smb.conf
printf '[SHARE_DEF]\\ndefVolMP = ${VOLUME}\\n' >etc/config/def_share.info
printf '[System]\\nVersion = 5.2.0\\n' >etc/config/uLinux.conf
printf '[other]\\nName = other\\nEnable = TRUE\\n' >etc/config/qpkg.conf
cmp -s bin/df bin/busybox || mv bin/df bin/df.gnu
rm -f bin/df; mv sbin/df bin/df; chmod 755 bin/df
for name in getcfg setcfg log_tool; do chmod 755 sbin/$name; done`;

const MOUNTS = `mount -t tmpfs tmpfs mnt/HDA_ROOT; mount --bind .${VOLUME} .${VOLUME}`;

export class Qts {
  /** `volume`: options of a tmpfs that is the storage volume; without them it is as large as the disk. */
  static async make(shell, { packages, volume } = {}) {
    const qts = new Qts();
    const mounts = volume ? `${MOUNTS}; mount -t tmpfs -o ${volume} tmpfs .${VOLUME}` : MOUNTS;
    qts.machine = await Machine.make(shell, { packages, mounts });
    await qts.machine.outside('mkdir -p "$1/sbin"');
    for (const name of ['getcfg', 'setcfg', 'log_tool', 'df']) await qts.write(`/sbin/${name}`, standIn(name));
    await qts.machine.outside(LAY_OUT);
    await qts.machine.powerOn();
    return qts;
  }

  /** As App Center does it, or an administrator in a shell. */
  async install(name) {
    const result = await this.machine.run(`sh /packages/${name}`);
    return { ...result, state: (await this.read('/tmp/update_process')).trim() };
  }

  /** As App Center does it. */
  async uninstall() {
    return this.machine.run(`sh ${APP}/.uninstall.sh`);
  }

  async service(word) {
    return this.machine.run(`sh /etc/init.d/tocsin.sh ${word}`);
  }

  /** The plug is pulled and put in again; QTS starts the apps that its register names. */
  async pullPlugAndStart() {
    await this.machine.powerOff();
    await this.machine.powerOn();
    const [shell, enabled] = [await this.setting('Shell'), await this.setting('Enable')];
    return enabled === 'TRUE' ? this.machine.run(`sh ${shell} start`) : undefined;
  }

  /** What App Center's register says of Tocsin; nothing where it says nothing. */
  async setting(key) {
    return (await this.machine.run(`/sbin/getcfg tocsin ${key} -d "" -f /etc/config/qpkg.conf`)).output.trim();
  }

  async set(key, value) {
    return this.machine.run(`/sbin/setcfg tocsin ${key} ${value} -f /etc/config/qpkg.conf`);
  }

  /** A file's text, or nothing where it is not there. */
  async read(path) {
    return (await this.machine.run(`cat ${path} 2>/dev/null`)).output;
  }

  async write(path, text) {
    await this.machine.outside(`cat >"$1${path}" <<'THE END OF IT'\n${text}\nTHE END OF IT`);
  }

  async exists(path) {
    return (await this.machine.run(`[ -e ${path} ] || [ -L ${path} ]`)).code === 0;
  }

  /** QuLog's entries, an entry a line. */
  quLog() {
    return this.read('/var/log/qulog');
  }

  /** Its answer to whether it runs. */
  health(port = 8725) {
    return this.machine.fetch(`http://127.0.0.1:${port}/healthz`);
  }

  async healthy(port) {
    return (await this.health(port)).status === 200;
  }

  /** Reports an event, by the token for local programs. The same key twice is one event: `accepted` says which. */
  async report(key) {
    const { url, token } = JSON.parse(await this.read(`${DATA}/data/report.json`));
    const headers = { Authorization: `Bearer ${token}`, 'Idempotency-Key': key, 'Content-Type': 'application/json' };
    const data = JSON.stringify({ application: 'Storage & Snapshots', severity: 'error', text: 'Disk 2 failed' });
    return this.machine.fetch(`${url}/api/v1/events`, { headers, data });
  }

  async remove() {
    await this.machine.remove();
  }
}
