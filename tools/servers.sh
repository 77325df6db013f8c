#!/usr/bin/env bash
# Debian's own servers, which some tests put before or below Hermes: nginx, Caddy, pgbouncer, PostgreSQL 15.
# Where they cannot be had (no root, no apt, no mirror) those tests are skipped by name.
set -uo pipefail
missing=()
for each in nginx:nginx-light caddy:caddy pgbouncer:pgbouncer faketime:faketime; do
    PATH="$PATH:/usr/sbin" command -v "${each%%:*}" > /dev/null || missing+=("${each##*:}")
done
[ -x /usr/lib/postgresql/15/bin/initdb ] || missing+=(postgresql-15)
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "not installed: ${missing[*]}"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # nothing is started by its package
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
{ timeout 120 apt-get update -q && timeout 240 apt-get install -q -y --no-install-recommends "${missing[@]}"; } > /dev/null \
    || echo "not installed: ${missing[*]}"
