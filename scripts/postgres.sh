#!/usr/bin/env bash
# A Postgres cluster to throw away: `postgres.sh start DIR` makes one in DIR and prints its URL, `postgres.sh stop DIR` removes it.
# It trusts everybody on 127.0.0.1 and does not wait for the disk: for tests only.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

[ $# = 2 ] || die "usage: postgres.sh start|stop DIR"
DIR=$2
BIN=$(find_postgres)
[ -n "$BIN" ] || die "no Postgres server here: run scripts/tools.sh test"

# Postgres refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

start() {
  mkdir -p "$DIR"
  [ "$(id -u)" = 0 ] && chown postgres "$DIR"
  as_postgres "$BIN/initdb" --pgdata="$DIR/data" --username=postgres --auth=trust \
    --locale=C.UTF-8 --encoding=UTF8 --no-sync >"$DIR/initdb.log" 2>&1 || { cat "$DIR/initdb.log" >&2; return 1; }
  local settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
  local port
  for _ in 1 2 3; do
    port=$(free_port)
    if as_postgres "$BIN/pg_ctl" start --wait --silent --pgdata="$DIR/data" --log="$DIR/server.log" \
      --options="-p $port -h 127.0.0.1 -k '$DIR' $settings" >/dev/null; then
      echo "postgres://postgres@127.0.0.1:$port/postgres"
      return
    fi
  done
  cat "$DIR/server.log" >&2
  return 1
}

stop() {
  if [ -e "$DIR/data/postmaster.pid" ]; then
    as_postgres "$BIN/pg_ctl" stop --mode=immediate --silent --pgdata="$DIR/data" >/dev/null || true
  fi
  rm -rf "$DIR"
}

case $1 in
start) start ;;
stop) stop ;;
*) die "usage: postgres.sh start|stop DIR" ;;
esac
