#!/bin/sh
# Uninstalls Tocsin. App Center runs it. The data stays, unless Remove_Data is TRUE: see package/README.md.
app=$(cd "$(dirname "$0")" && pwd)
case $app in
	*/tocsin) [ -f "$app/tocsin.sh" ] || exit 1 ;;
	*) exit 1 ;;
esac
# Not under a process that still runs: it says why it does not end.
sh "$app/tocsin.sh" stop || exit 1
sh "$app/tocsin.sh" remove || exit 1
cd / && rm -rf "$app"
