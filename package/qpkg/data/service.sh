#!/bin/sh
# service.sh APP RELEASE start|stop|restart|status|remove: what tocsin.sh does, for the release that it names. Any other
# word is the program's own, and is done with the service's data.
set -u
app=$1
release=$2
here=$app/releases/$release
# shellcheck source=package/qpkg/data/common.sh
. "$here/common.sh"

pid_file=/var/run/tocsin.pid
# What a shell finds as "tocsin". In memory on QTS, so made at each start.
command=/usr/local/bin/tocsin
# What the program says when it runs: its address, and the set-up code until there is an administrator.
announced=/var/run/tocsin.announced
data=$(data_root "${app%/*}")
log=$data/log/tocsin.log

# The log that grew beyond 5 MB is kept as .1, and the one before that goes.
LOG_BYTES=5242880
# Seconds. A start may have a large database to migrate; a stop takes Tocsin ten at most.
START_PATIENCE=120
STOP_PATIENCE=20
# What the program ends with when its user may not use the data directory (sysexits.h, EX_NOPERM).
NOT_PERMITTED=77

pid() { cat "$pid_file" 2>/dev/null || :; }

# Alone among the service's commands, so that two of them do not start it twice.
alone() {
	tries=60
	until take_lock service; do
		tries=$((tries - 1))
		if [ "$tries" = 0 ]; then
			echo "Another start or stop of Tocsin is under way."
			exit 1
		fi
		sleep 1
	done
	trap 'release_lock service' 0
	trap 'exit 1' 1 2 15
}

rotate_log() {
	if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt "$LOG_BYTES" ]; then mv -f "$log" "$log.1"; fi
}

# own USER: the data belongs to whom the program runs as; also what commands left there that root ran meanwhile.
own() { chown -hR "$1:$1" "$data/data"; }

# launch USER: as that user, or as root where it is empty. SIGHUP is ignored: the shell that starts it will end.
launch() {
	own "${1:-0}"
	echo "=== start of Tocsin $release at $(date)" >>"$log"
	rm -f "$announced"
	(umask 077 && : >"$announced")
	port=$(setting Web_Port 8725)
	(
		trap '' 1
		cd / || exit
		export TOCSIN_NAS=qts TOCSIN_BASE_PATH=/tocsin TOCSIN_TRUSTED_PROXY=127.0.0.1/32
		if [ -n "$1" ]; then export TOCSIN_USER="$1"; fi
		if ! grep -q '^[[:space:]]*listen' "$data/data/tocsin.toml" 2>/dev/null; then
			export TOCSIN_LISTEN="127.0.0.1:$port"
		fi
		exec "$here/tocsin" serve --data "$data/data" </dev/null >>"$announced" 2>>"$log"
	) &
	child=$!
	echo "$child" >"$pid_file"
}

# Waits until the program says where it runs. Otherwise fails, with what it ended with in "ended_with".
await_start() {
	patience=$START_PATIENCE
	ended_with=0
	until grep -q '^Tocsin runs at ' "$announced"; do
		if ! is_alive "$child"; then
			wait "$child" || ended_with=$?
			rm -f "$pid_file"
			return 1
		fi
		patience=$((patience - 1))
		if [ "$patience" = 0 ]; then
			tell 1 "Tocsin has not answered for $START_PATIENCE seconds. It goes on starting; look into $log."
			return 0
		fi
		sleep 1
	done
}

# The program's own last word since it was started.
last_word() { awk '/^=== start of /{ word = "" } /^tocsin: /{ word = substr($0, 9) } END { print word }' "$log"; }

cannot_start() {
	tell 2 "Tocsin could not be started: $1"
	exit 1
}

start() {
	if [ "$(setting Enable FALSE)" != TRUE ]; then
		echo "Tocsin is switched off in App Center."
		exit 1
	fi
	if is_ours "$(pid)"; then
		echo "Tocsin already runs."
		return
	fi
	[ -d "$data/data" ] ||
		cannot_start "its data folder $data is not there. If its volume is locked, unlock it and start Tocsin again; else install Tocsin again."
	can_write "$data" ||
		cannot_start "its data folder $data cannot be written: the volume is read-only. Nothing is lost. Look at the volume in Storage & Snapshots, then start Tocsin again."
	rotate_log
	if [ -d "${command%/*}" ] && [ ! -e "$command" ]; then ln -sf "$app/tocsin.sh" "$command"; fi
	launch "$service_user"
	if ! await_start && [ "$ended_with" = "$NOT_PERMITTED" ]; then
		tell 1 "This NAS does not let an unprivileged user into $data: Tocsin runs as the administrator."
		launch ""
		await_start
	fi
	if [ ! -f "$pid_file" ]; then
		word=$(last_word)
		case $word in
			*"cannot listen on"*)
				word="$word. On QTS: setcfg tocsin Web_Port 8726 -f $conf, then start Tocsin again" ;;
			"") word="it ended with $ended_with and without a word. Look into $log" ;;
		esac
		cannot_start "$word."
	fi
	keep_version
	tell 0 "Tocsin ${release%%-*} runs."
}

# The newest version that used this data: an older one is not installed over it.
keep_version() {
	if is_older "$(cat "$data/version" 2>/dev/null)" "${release%%-*}"; then
		echo "${release%%-*}" >"$data/version.new"
		mv -f "$data/version.new" "$data/version"
	fi
}

# gone PID SECONDS: waits until it ended.
gone() {
	left=$2
	while is_alive "$1"; do
		if [ "$left" = 0 ]; then return 1; fi
		left=$((left - 1))
		sleep 1
	done
}

stop() {
	running=$(pid)
	if is_ours "$running"; then
		kill "$running"
		if ! gone "$running" "$STOP_PATIENCE"; then
			kill -9 "$running"
			gone "$running" 5 || {
				tell 2 "Tocsin could not be stopped: process $running does not end."
				exit 1
			}
			tell 1 "Tocsin did not end within $STOP_PATIENCE seconds and was killed. What it had accepted is kept."
		fi
		tell 0 "Tocsin was stopped."
	else
		echo "Tocsin does not run."
	fi
	rm -f "$pid_file" "$announced"
}

# Exit codes as in the Linux Standard Base: 0 runs, 1 dead though it was started, 3 stopped.
status() {
	if is_ours "$(pid)"; then
		echo "Tocsin ${release%%-*} runs."
	elif [ -f "$pid_file" ]; then
		echo "Tocsin has ended by itself. Look into $log."
		exit 1
	else
		echo "Tocsin does not run."
		exit 3
	fi
}

# What Tocsin put outside of its folder, and nothing of an app whose name ends alike.
remove() {
	for link in /etc/rcS.d/QS*tocsin /etc/rcK.d/QK*tocsin; do
		number=${link##*/Q?}
		case ${number%tocsin} in
			'' | *[!0-9]*) ;;
			*) rm -f "$link" ;;
		esac
	done
	rm -f /etc/init.d/tocsin.sh
	if [ "$(readlink "$command")" = "$app/tocsin.sh" ]; then rm -f "$command"; fi
	for icon in '' _80 _gray; do rm -f "/home/httpd/RSS/images/tocsin$icon.gif"; done
	if [ "$(setting Remove_Data FALSE)" = TRUE ]; then
		case $data in
			*/.qpkg_data/tocsin) rm -rf "$data" ;;
		esac
		tell 0 "Tocsin was uninstalled, and its data was deleted."
	else
		tell 0 "Tocsin was uninstalled. Its data stays in $data."
	fi
}

shift 2
case ${1:-} in
	start) alone && start ;;
	stop) alone && stop ;;
	restart)
		alone
		stop
		start
		;;
	status) status ;;
	remove) alone && remove ;;
	*)
		export TOCSIN_DATA="$data/data"
		exec "$here/tocsin" "$@"
		;;
esac
