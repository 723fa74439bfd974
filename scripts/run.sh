#!/usr/bin/env bash
# Builds what has changed and starts Usher; it keeps its data in ./data and prints its address.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/build.sh
exec target/release/usher serve "$@"
