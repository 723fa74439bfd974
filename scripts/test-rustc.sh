#!/bin/sh
# Stands before the compiler while tests are built (RUSTC_WORKSPACE_WRAPPER): tests are compiled quickly, what they test as it is
# delivered. A profile of Cargo's cannot tell the two apart, since both are one package.
compiler=$1
shift
case " $* " in *" --test "*) set -- "$@" -C opt-level=0 -C debug-assertions=off -C codegen-units=16 ;; esac
exec "$compiler" "$@"
