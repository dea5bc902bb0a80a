#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: a C compiler for the race detector, Java for the HTML validator,
# Chromium, strace, Varnish, nginx, Node 20 or newer, and npm packages. It says what it does, and does nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p .tools

say() { echo "prepare: $*"; }

sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"

want=()
command -v gcc >/dev/null || command -v cc >/dev/null || want+=(gcc libc6-dev)
command -v java >/dev/null || want+=(default-jre-headless)
command -v chromium >/dev/null || want+=(chromium)
command -v strace >/dev/null || want+=(strace)
[ -x /usr/sbin/varnishd ] || want+=(varnish)
[ -x /usr/sbin/nginx ] || want+=(nginx)
command -v npm >/dev/null || want+=(npm)
command -v node >/dev/null || want+=(nodejs)
if [ ${#want[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { say "this machine lacks ${want[*]} and has no apt-get: install them, then run this again"; exit 1; }
  say "installing ${want[*]} with apt-get"
  $sudo ./install.sh "${want[@]}" >.tools/apt.log 2>&1 ||
    { say "apt-get could not install them; the end of .tools/apt.log says:"; tail -n 15 .tools/apt.log; exit 1; }
fi

path=""
major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
if [ "$major" -lt 20 ]; then
  if [ ! -x .tools/node/node_modules/node/bin/node ]; then
    say "Node $major is older than 20: installing the npm package node in .tools"
    npm install --prefix .tools/node --no-package-lock --no-audit --no-fund --loglevel=error node@22
  fi
  path="$PWD/.tools/node/node_modules/node/bin:"
fi

if ! cmp -s browsertest/package.json .tools/browsertest.json; then
  say "installing the browser tests' npm packages"
  (cd browsertest && PATH="$path$PATH" npm install --no-package-lock --no-audit --no-fund --loglevel=error)
  cp browsertest/package.json .tools/browsertest.json
fi

if ! cmp -s newsroom/ui/package.json newsroom/ui/node_modules/.installed.json; then
  say "installing the npm packages of the newsroom's interface"
  (cd newsroom/ui && PATH="$path$PATH" npm install --no-package-lock --no-audit --no-fund --loglevel=error)
  cp newsroom/ui/package.json newsroom/ui/node_modules/.installed.json
fi

echo "export PATH=\"$path\$PATH\" DATELINE_BROWSERTEST=1" >.tools/env
say "ready: $(go version | cut -d' ' -f3), node $(PATH="$path$PATH" node --version), $(chromium --version 2>/dev/null | cut -d' ' -f1-2)"
