#!/bin/sh
# Installs what the tests use and pip cannot bring: Chromium and poppler's PDF tools.
set -e
missing=""
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing="$missing chromium"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo apt-get install -y -qq $missing >/dev/null
elif command -v brew >/dev/null; then
    command -v pdftotext >/dev/null || brew install poppler
    [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || brew install --cask chromium
    echo "Set CHROMIUM to the installed browser, for example /Applications/Chromium.app/Contents/MacOS/Chromium"
else
    echo "Install these, then run make test again:$missing" >&2
    exit 1
fi
