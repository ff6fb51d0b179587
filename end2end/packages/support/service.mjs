// The service as systemd would run it: its unit's command, user, folders and umask. What systemd keeps from it besides
// is looked at by systemd-analyze, not here.
import { once } from 'node:events';

const UNIT = '/usr/lib/systemd/system/tocsin.service';

/** The unit's settings; the last of a name counts. */
export async function unitOf(root) {
  const text = await root.shell(`cat ${UNIT}`);
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

export class Service {
  /** All that it wrote, and its exit code once it has ended. */
  output = '';
  code = null;
  #process;

  /** Starts the unit's command. Answers when it says where it runs, or has ended. */
  static async start(root) {
    const unit = await unitOf(root);
    const { User: user, Group: group } = unit;
    // What StateDirectory= does (systemd.exec(5)).
    await root.shell('mkdir -p "$1"; chown "$2:$3" "$1"; chmod "$4" "$1"', `/var/lib/${unit.StateDirectory}`, user, group, unit.StateDirectoryMode);
    const service = new Service();
    service.#process = root.start([
      'setpriv', `--reuid=${user}`, `--regid=${group}`, '--init-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all',
      'sh', '-c', 'umask "$1"; cd "$2"; shift 2; exec "$@"', 'sh', unit.UMask, unit.WorkingDirectory, ...unit.ExecStart.split(' '),
    ]);
    const ready = new Promise((resolve) => {
      for (const stream of [service.#process.stdout, service.#process.stderr]) {
        stream.on('data', (data) => {
          service.output += data;
          if (service.url) resolve();
        });
      }
      service.#process.once('close', (code) => {
        service.code = code;
        resolve();
      });
    });
    await ready;
    return service;
  }

  get url() {
    return /^Tocsin runs at (\S+)\n/m.exec(this.output)?.[1];
  }

  /** As systemd stops it. Answers the exit code. */
  async stop() {
    if (this.code !== null) return this.code;
    const ended = once(this.#process, 'close');
    this.#process.kill('SIGTERM');
    await ended;
    return this.code;
  }
}
