#!/bin/sh
# Installs what the tests use and pip cannot bring: Chromium, poppler's PDF tools, and LibreOffice Calc (without its
# recommended parts), which computes the formulas of a workbook as a person's spreadsheet would.
set -e
missing=""
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing="$missing chromium"
sheets=""
command -v soffice >/dev/null || sheets="libreoffice-calc"
[ -z "$missing$sheets" ] && exit 0
if command -v apt-get >/dev/null; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    [ -z "$missing" ] || $sudo apt-get install -y -qq $missing >/dev/null
    [ -z "$sheets" ] || $sudo apt-get install -y -qq --no-install-recommends $sheets >/dev/null
elif command -v brew >/dev/null; then
    command -v pdftotext >/dev/null || brew install poppler
    [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || brew install --cask chromium
    command -v soffice >/dev/null || brew install --cask libreoffice
    echo "Set CHROMIUM to the installed browser, for example /Applications/Chromium.app/Contents/MacOS/Chromium"
else
    echo "Install these, then run make test again:$missing $sheets" >&2
    exit 1
fi
