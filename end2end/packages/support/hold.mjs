// Stops a script before its N-th change of the disk, so that the plug can be pulled there: the commands that change
// something are wrapped, and count their calls. Only where commands are files, as with bash and dash.
const COMMANDS = ['/bin/mv', '/bin/ln', '/bin/rm', '/bin/mkdir', '/bin/cp', '/bin/chmod', '/bin/chown', '/bin/tar', '/bin/sync', '/sbin/setcfg'];

// Builtins only: a wrapper must not call what is wrapped.
const WRAPPER = `#!/bin/sh
real=/hold/real/\${0##*/}
[ -e /hold/at ] || exec "$real" "$@"
read -r calls </hold/calls
calls=$((calls + 1))
echo "$calls" >/hold/calls
read -r at </hold/at
# shellcheck disable=SC2254 # It is a pattern.
case "$calls \${0##*/} $*" in
	$at)
		echo "\${0##*/} $*" >/hold/reached
		while :; do read -r nothing </hold/never; done
		;;
esac
exec "$real" "$@"`;

/** Wraps the commands of a machine, to be called once. */
export async function wrap(machine) {
  const list = COMMANDS.join(' ');
  await machine.outside(`mkdir -p "$1/hold/real"; mkfifo "$1/hold/never"
    cat >"$1/hold/wrapper" <<'THE END OF IT'\n${WRAPPER}\nTHE END OF IT
    for command in ${list}; do cp -L "$1$command" "$1/hold/real/"; done
    for command in ${list}; do cp "$1/hold/wrapper" "$1$command.wrapped"; chmod 755 "$1$command.wrapped"; mv -f "$1$command.wrapped" "$1$command"; done`);
}

/**
 * Runs `script` until a call that fits `at`, a pattern of the shell for its number and the command, such as "7 *".
 * Answers with that command; or with nothing, when the script has ended before.
 */
export async function runUntil(machine, at, script) {
  await machine.outside(`rm -f "$1/hold/reached"; echo 0 >"$1/hold/calls"; echo '${at}' >"$1/hold/at"`);
  const ended = machine.run(script).then(() => 'ended');
  const reached = machine.run('until [ -s /hold/reached ]; do sleep 0.1; done; cat /hold/reached');
  const first = await Promise.race([ended, reached.then(({ output }) => output.trim())]);
  if (first === 'ended') await machine.outside('echo it ended >"$1/hold/reached"');
  await reached;
  return first === 'ended' ? undefined : first;
}

/** From now on the commands do what they always did. */
export async function unhold(machine) {
  await machine.outside('rm -f "$1/hold/at"');
}
