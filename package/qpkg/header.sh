#!/bin/sh
# Tocsin @VERSION@ for QTS and QuTS hero on @UNAME@. App Center runs this file; so can an administrator: sh FILE.qpkg
# After this script follow control.tar, data.tar.gz and 100 bytes by which App Center knows the file.
PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin
export PATH
umask 022
_EXTRACT_DIR=
state() { echo "$1" 2>/dev/null >/tmp/update_process; }
fail() {
	echo "$1" >&2
	[ ! -x /sbin/log_tool ] || /sbin/log_tool -t2 -uSystem -p127.0.0.1 -mlocalhost -a "[Tocsin] $1" >/dev/null 2>&1
	state -1
	exit 1
}
ended() { [ -z "$_EXTRACT_DIR" ] || rm -rf "$_EXTRACT_DIR"; }
trap ended 0
trap 'exit 1' 1 2 15
state 0

# The MD5 of this file without the next line: a download that was cut or changed is noticed before anything is touched.
md5=@MD5@
script_len=@SCRIPT_LEN@
offset=$(/usr/bin/expr $script_len + @CONTROL_LEN@)
data_offset=$offset
offset=$(/usr/bin/expr $offset + @DATA_LEN@)
script_blocks=$(expr $script_len / 1024)
data_blocks=$(expr $data_offset / 1024)
seen=$({
	dd if="$0" bs=1024 count="$script_blocks" 2>/dev/null | sed '/^md5=/d'
	dd if="$0" bs=1024 skip="$script_blocks" 2>/dev/null
} | md5sum | cut -d ' ' -f 1)
[ "$seen" = "$md5" ] ||
	fail "This Tocsin package is damaged. Nothing was changed. Download it again, and compare its checksum with SHA256SUMS."

[ "$(uname -m)" = @UNAME@ ] ||
	fail "This Tocsin package is for @UNAME@, and this NAS is $(uname -m). Nothing was changed. Take the package @OTHERS@."
grep -q ' /mnt/HDA_ROOT ' /proc/mounts ||
	fail "The NAS has no system volume yet, so Tocsin cannot be installed. Create a storage volume first."

# Where apps are installed: with the Tocsin that is there, else on the volume chosen in App Center, else on the default one.
installed=$(/sbin/getcfg tocsin Install_Path -d "" -f /etc/config/qpkg.conf 2>/dev/null)
volume=$(/sbin/getcfg SHARE_DEF defVolMP -d "" -f /etc/config/def_share.info 2>/dev/null)
public=$(/sbin/getcfg Public path -d "" -f /etc/config/smb.conf 2>/dev/null)
if [ -n "$installed" ] && [ -f "$installed/tocsin.sh" ]; then
	base=${installed%/*}
elif [ -n "$QINSTALL_PATH" ]; then
	base=$QINSTALL_PATH
elif [ -n "$volume" ] && [ -d "$volume" ]; then
	base=$volume/.qpkg
elif [ -n "$public" ] && [ -d "$public" ]; then
	base=${public%/*}/.qpkg
else
	fail "No volume was found on which apps can be installed. Create a storage volume first."
fi
mkdir -p "$base" || fail "$base cannot be written, so Tocsin cannot be installed. Look at the volume in Storage & Snapshots."
# What packages left that were killed; their number was their process's.
for folder in "$base"/.tmp-tocsin.*; do
	[ -d "/proc/${folder##*.}" ] || rm -rf "$folder"
done
# df breaks the line after a long device's name, which then stands alone.
room=$(df -k "$base" | awk 'NF > 4 { room = $(NF - 2) } END { print room }')
[ "$room" -ge @NEED_KIB@ ] ||
	fail "Tocsin needs @NEED_KIB@ KB on the volume of $base, and $room KB are free. Nothing was changed. Free some space, and install again."

_EXTRACT_DIR=$base/.tmp-tocsin.$$
rm -rf "$_EXTRACT_DIR"
mkdir "$_EXTRACT_DIR" || fail "$base cannot be written, so Tocsin cannot be installed. Look at the volume in Storage & Snapshots."
unpacked="The Tocsin package could not be unpacked in $base. Nothing was changed. Look at the volume in Storage & Snapshots."
/bin/dd if="${0}" bs=$script_len skip=1 2>/dev/null | /bin/tar -xO 2>/dev/null | /bin/tar -xzv -C "$_EXTRACT_DIR" >/dev/null || fail "$unpacked"
/bin/dd if="${0}" bs=1024 skip="$data_blocks" count=@DATA_BLOCKS@ of="$_EXTRACT_DIR/data.tar.gz" 2>/dev/null || fail "$unpacked"
TOCSIN_BASE=$base sh "$_EXTRACT_DIR/qinstall.sh" || exit 1
# By this number App Center knows that the package did everything itself.
exit 10
@PADDING@exit 1
