#!/usr/bin/env bash
# Measures on SQLite and on a throw-away Postgres cluster; arguments go to the benchmarks.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/tools.sh test
choose_toolchain
scripts/site.sh
SCRATCH=$(scratch_folder)
chmod 755 "$SCRATCH"
trap 'scripts/postgres.sh stop "$SCRATCH/postgres" || true; rm -rf "$SCRATCH"' EXIT
USHER_TEST_POSTGRES_URL=$(scripts/postgres.sh start "$SCRATCH/postgres")
export USHER_TEST_POSTGRES_URL
cargo bench --features ssr "$@"
