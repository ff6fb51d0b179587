#!/bin/sh
# Installs or upgrades Tocsin on QTS and QuTS hero. Unpacked and started by the package's header, with TOCSIN_BASE set to
# the folder that apps are installed in. It asks nothing.
#
# Each release stands in a folder of its own, releases/ID. tocsin.sh names the one that runs, and the step from the old
# to the new release is the renaming of that one file: whenever the power fails or this script is killed, the old or
# the new release is there, whole. What an interrupted installation left is removed by the next one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=package/qpkg/control/qpkg.cfg
. "$here/qpkg.cfg"
# shellcheck source=package/qpkg/data/common.sh
. "$here/common.sh"

app=$TOCSIN_BASE/tocsin
data=$(data_root "$TOCSIN_BASE")
new=
stopped=no
finished=no

state() { echo "$1" 2>/dev/null >/tmp/update_process || :; }

refuse() {
	tell 2 "$1"
	exit 1
}

ended() {
	status=$?
	trap - 0
	if [ "$finished" != yes ]; then
		if [ -n "$new" ]; then rm -rf "$new"; fi
		if [ "$stopped" = yes ]; then sh "$app/tocsin.sh" start || :; fi
		if [ "$status" = 0 ]; then status=1; fi
		state -1
	fi
	release_lock install
	exit "$status"
}

# built KEY: what is known of this package.
built() { sed -n "s/^$1 = //p" "$here/built_info"; }

# The release that tocsin.sh names, if any, and its version.
current_release() { sed -n 's/^release=//p' "$app/tocsin.sh" 2>/dev/null || :; }

# A database is made for its release or a later one, also while no release is installed.
refuse_downgrade() {
	known=$(cat "$data/version" 2>/dev/null || :)
	installed=$(current_release)
	installed=${installed%%-*}
	if is_older "$known" "$installed"; then known=$installed; fi
	if is_older "$QPKG_VER" "$known"; then
		refuse "This package is Tocsin $QPKG_VER, and this NAS has the data of Tocsin $known, which an older one cannot read. Nothing was changed. Install Tocsin $known or newer."
	fi
}

# need_room KIB FOLDER
need_room() {
	room=$(free_kib "$2")
	if [ "$room" -lt "$1" ]; then
		refuse "Tocsin needs $1 KB on the volume of $2, and $room KB are free. Nothing was changed. Free some space, and install again."
	fi
}

# The data's folders, and room for the copy of the database that an upgrade makes.
prepare_data() {
	[ -d "${data%/.qpkg_data/tocsin}" ] ||
		refuse "The volume of Tocsin's data, ${data%/.qpkg_data/tocsin}, is not there. Nothing was changed. If it is locked, unlock it, and install again."
	mkdir -p "$data" || refuse "$data cannot be written, so Tocsin cannot be installed. Look at the volume in Storage & Snapshots."
	chmod 755 "$data"
	can_write "$data" || refuse "$data cannot be written: its volume is read-only. Nothing was changed. Look at the volume in Storage & Snapshots."
	need=16384
	if [ -d "$data/data" ]; then need=$((need + $(du -sk "$data/data" | cut -f 1))); fi
	need_room "$need" "$data"
	mkdir -p "$data/log"
	chmod 700 "$data/log"
	if [ ! -d "$data/data" ]; then
		rm -rf "$data/data.new"
		mkdir "$data/data.new"
		chmod 700 "$data/data.new"
		cp "$here/tocsin.toml" "$data/data.new/tocsin.toml"
		mv "$data/data.new" "$data/data"
	fi
}

# The releases that do not run: the one before, and what installations left that did not come to their end.
remove_other_releases() {
	for folder in "$app/releases"/*; do
		if [ "$folder" != "$app/releases/$(current_release)" ]; then rm -rf "$folder"; fi
	done
}

# unpack ID: the new release, beside the old one.
unpack() {
	new=$app/releases/$1
	mkdir -p "$new"
	need_room "$(built unpacked_kib)" "$new"
	tar -xzf "$here/data.tar.gz" -C "$new" ||
		refuse "Tocsin could not be unpacked in $new. Nothing was changed. Free some space on the volume, and install again."
	"$new/tocsin" --version >/dev/null ||
		refuse "Tocsin's program does not run on this NAS. Nothing was changed. Report this with the model and the version of QTS."
	sync
}

stop_old() {
	if [ -f "$app/tocsin.sh" ]; then
		stopped=yes
		sh "$app/tocsin.sh" stop || refuse "The Tocsin that runs could not be stopped. Restart the NAS, and install again."
	fi
}

# switch_to ID: from here on the new release is the one that runs.
switch_to() {
	sed "s/@RELEASE@/$1/" "$new/tocsin.sh.in" >"$app/tocsin.sh.new"
	chmod 755 "$app/tocsin.sh.new"
	sync
	mv -f "$app/tocsin.sh.new" "$app/tocsin.sh"
	sync
	new=
}

# place FILE AS MODE: by renaming, so that no half file is ever in its place.
place() {
	cp "$1" "$2.new"
	chmod "$3" "$2.new"
	mv -f "$2.new" "$2"
}

# link TARGET AS
link() { [ "$(readlink "$2")" = "$1" ] || ln -sf "$1" "$2"; }

register_files() {
	release=$app/releases/$1
	place "$release/uninstall.sh" "$app/.uninstall.sh" 755
	mkdir -p /home/httpd/RSS/images
	for icon in .qpkg_icon .qpkg_icon_80 .qpkg_icon_gray; do
		place "$release/$icon.gif" "$app/$icon.gif" 644
		place "$release/$icon.gif" "/home/httpd/RSS/images/tocsin${icon#.qpkg_icon}.gif" 644
	done
	link "$app/tocsin.sh" /etc/init.d/tocsin.sh
	link /etc/init.d/tocsin.sh "/etc/rcS.d/QS${QPKG_RC_NUM}tocsin"
	link /etc/init.d/tocsin.sh "/etc/rcK.d/QK$((1000 - QPKG_RC_NUM))tocsin"
}

set_value() { /sbin/setcfg tocsin "$1" "$2" -f "$conf"; }
# keep_value KEY DEFAULT: as somebody set it, else the default.
keep_value() { set_value "$1" "$(setting "$1" "$2")"; }

register() {
	[ -f "$conf" ] || touch "$conf"
	set_value Name "$QPKG_NAME"
	set_value Display_Name "$QPKG_DISPLAY_NAME"
	set_value Version "$QPKG_VER"
	set_value Build "$(built time)"
	set_value Author "$QPKG_AUTHOR"
	set_value QPKG_File "tocsin.qpkg"
	set_value Date "$(date +%Y-%m-%d)"
	set_value Shell "$app/$QPKG_SERVICE_PROGRAM"
	set_value Install_Path "$app"
	set_value Data_Path "$data"
	set_value RC_Number "$QPKG_RC_NUM"
	set_value Pid_File "$QPKG_SERVICE_PIDFILE"
	set_value WebUI "$QPKG_WEBUI"
	keep_value Web_Port "$QPKG_WEB_PORT"
	set_value Use_Proxy "$QPKG_USE_PROXY"
	set_value Proxy_Path "$QPKG_PROXY_PATH"
	set_value Desktop "$QPKG_DESKTOP_APP"
	set_value Visible "$QPKG_VISIBLE"
	set_value Volume_Select "$QPKG_VOLUME_SELECT"
	set_value Timeout "$QPKG_TIMEOUT"
	keep_value Remove_Data FALSE
	# Last: until here an interrupted first installation starts nothing.
	keep_value Enable TRUE
}

take_lock install || {
	state -1
	echo "Another installation of Tocsin is under way. Wait until it has ended." >&2
	exit 1
}
trap ended 0
trap 'exit 1' 1 2 15

before=$(current_release)
refuse_downgrade
remove_other_releases
prepare_data
id=$QPKG_VER-$(date +%Y%m%d%H%M%S)
while [ -e "$app/releases/$id" ]; do id=${id}x; done
state 1
unpack "$id"
stop_old
switch_to "$id"
register_files "$id"
register
state 2
sync
remove_other_releases
if [ -n "$before" ]; then
	tell 0 "Upgraded Tocsin from ${before%%-*} to $QPKG_VER."
else
	tell 0 "Installed Tocsin $QPKG_VER. Its data is in $data."
fi
if [ "$(setting Enable TRUE)" = TRUE ]; then
	# What kept it from starting was told; the installation itself is done.
	sh "$app/tocsin.sh" start || :
fi
stopped=no
finished=yes
state 3
