#!/usr/bin/env bash
# Installs packages of Debian's, as root, and starts none of the servers among them: those would take ports and processor time, and
# their packages fail to install where port 80 is taken. /usr/sbin/policy-rc.d forbids starts; where the machine has none, there is
# one while this runs (see invoke-rc.d(8)).
set -euo pipefail
policy="${POLICY_RC_D:-/usr/sbin/policy-rc.d}" # another for tests
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends "$@"
