#!/bin/sh
# Uninstalls Tocsin. App Center runs it. The data stays, unless Remove_Data is TRUE: see package/README.md.
app=$(cd "$(dirname "$0")" && pwd)
case $app in
	*/tocsin) [ -f "$app/tocsin.sh" ] || exit 1 ;;
	*) exit 1 ;;
esac
sh "$app/tocsin.sh" stop
sh "$app/tocsin.sh" remove
cd / && rm -rf "$app"
