# What the installer and the service script share. Sourced by both; runs under bash, dash and busybox ash.
# shellcheck shell=sh

conf=/etc/config/qpkg.conf

# A number that no account of QTS has (they are counted from 500 or 1000, 4096 at most): the service's own user and
# group. It needs no entry in the system's list of users.
# shellcheck disable=SC2034 # The service script uses it.
service_user=8725

# setting KEY DEFAULT: what App Center's register says of Tocsin.
setting() { /sbin/getcfg tocsin "$1" -d "$2" -f "$conf" 2>/dev/null || printf '%s\n' "$2"; }

# tell 0|1|2 TEXT: information, warning or error; to whoever called, and to QuLog Center.
tell() {
	echo "$2"
	if [ -x /sbin/log_tool ]; then
		/sbin/log_tool -t"$1" -uSystem -p127.0.0.1 -mlocalhost -a "[Tocsin] $2" >/dev/null 2>&1 || :
	fi
}

# is_ours PID: whether that process is one of Tocsin's, and no later one that was given the same number. QTS's grep reads no
# further than to the first NUL: it would see the shell's name, and not that of the script.
is_ours() { [ -n "$1" ] && [ -r "/proc/$1/cmdline" ] && tr '\000' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q tocsin; }

# is_alive PID: until it has closed its files and its port. The command line that is_ours reads is empty for a moment
# while a process starts its program, and gone before its files are closed.
is_alive() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

# take_lock NAME: fails while another process has it. The lock is a symbolic link that "points" to its holder's
# number: made in one step, with its holder in it. One that a killed process left is taken over.
take_lock() {
	if ln -s $$ "/var/run/tocsin-$1.lock" 2>/dev/null; then return 0; fi
	if is_ours "$(readlink "/var/run/tocsin-$1.lock")"; then return 1; fi
	rm -f "/var/run/tocsin-$1.lock"
	ln -s $$ "/var/run/tocsin-$1.lock" 2>/dev/null || return 1
	# Two may have found the same old lock: the second took the first one's away.
	sleep 1
	[ "$(readlink "/var/run/tocsin-$1.lock")" = $$ ]
}

release_lock() {
	if [ "$(readlink "/var/run/tocsin-$1.lock")" = $$ ]; then rm -f "/var/run/tocsin-$1.lock"; fi
}

# data_root: where everything is kept that an uninstall must not delete: as it was when Tocsin was first installed, else
# on the default volume, else on the volume of the apps. Below it belongs data/ to the service's user, all else to root.
data_root() {
	found=$(setting Data_Path "")
	if [ -z "$found" ]; then
		volume=$(/sbin/getcfg SHARE_DEF defVolMP -d "" -f /etc/config/def_share.info 2>/dev/null) || volume=
		if [ -z "$volume" ] || [ ! -d "$volume" ]; then volume=${1%/.qpkg*}; fi
		found=$volume/.qpkg_data/tocsin
	fi
	echo "$found"
}

# free_kib FOLDER: how much room its volume has. From the end of the line: QTS's df breaks it after a device's name of more
# than 20 characters, as /dev/mapper/cachedev1, which then stands alone.
free_kib() { df -k "$1" | awk 'NF > 4 { room = $(NF - 2) } END { print room }'; }

# can_write FOLDER. In a subshell: a redirection that fails would end the whole script.
can_write() { (: >"$1/.write-test") 2>/dev/null && rm -f "$1/.write-test"; }

# is_older A B: whether version A comes before B, number by number. What is no version counts as 0.
is_older() {
	left=$1. right=$2.
	case $1 in *[!0-9.]* | '') left=0. ;; esac
	case $2 in *[!0-9.]* | '') right=0. ;; esac
	while [ -n "$left$right" ]; do
		l=${left%%.*} r=${right%%.*}
		left=${left#*.} right=${right#*.}
		if [ "${l:-0}" -lt "${r:-0}" ]; then return 0; fi
		if [ "${l:-0}" -gt "${r:-0}" ]; then return 1; fi
	done
	return 1
}
