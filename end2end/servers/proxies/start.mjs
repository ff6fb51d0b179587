// Web servers in front of Tocsin, each real but that of QTS, with http and https on free ports and a private directory.
//
//   const front = await startFront('nginx', { port, certificate: { key, cert } });   … await front.stop();
//
// `port` is Tocsin's. Those that README.md shows a configuration for run with that very text.
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemons } from '../daemons.mjs';
import { freePorts } from '../ports.mjs';
import { apache } from './apache.mjs';
import { caddy } from './caddy.mjs';
import { nginx } from './nginx.mjs';
import { startQts } from './qts.mjs';

const PROGRAMS = { nginx, apache, caddy };
const ATTEMPTS = 5;

/** Starts one by its name: `nginx`, `apache`, `caddy`, `qts` or `qts-stripping`. Answers `{ ports: { http, https }, stop }`. */
export async function startFront(name, { port, certificate }) {
  if (!PROGRAMS[name]) return startQts({ port, certificate, strips: name === 'qts-stripping' });
  for (let attempt = 1; ; attempt += 1) {
    const dir = await mkdtemp(join(tmpdir(), `tocsin-${name}-`));
    await chmod(dir, 0o711); // the user whom it takes for its workers passes through
    const daemons = new Daemons({ logs: dir, remove: dir });
    const ports = await freePorts(['http', 'https']);
    try {
      const command = await PROGRAMS[name]({ dir, ports, port, certificate });
      await daemons.start(name, command, Object.values(ports));
      return { ports, stop: () => daemons.stop() };
    } catch (error) {
      await daemons.stop();
      // A port may have been taken between the look and the start.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
