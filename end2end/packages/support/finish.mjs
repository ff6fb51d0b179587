// Commands of this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command as root, which mounts need: by sudo without a password where this user is another. */
export const asRoot = (command) => (process.getuid() === 0 ? command : ['sudo', '--non-interactive', ...command]);

/** Runs a command to its end. Never fails: the exit code and all output are the answer. */
export async function finish(command, { input = '' } = {}) {
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  return { code: code ?? `killed by ${signal}`, output };
}
