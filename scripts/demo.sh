#!/usr/bin/env bash
# Builds what has changed and shows a demonstration: invented people, and a clock that can be moved. It keeps them in ./demonstration.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/build.sh
exec target/release/usher serve --data-dir demonstration --demo "$@"
