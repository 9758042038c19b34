#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The planner as a program, on the v2 configuration: outputs, exit codes, and that the generated C
# compiles against <bao/plan.h> with the sizes it should have.
# Usage: cli.sh PLANNER BROKEN_PLANNER ROOT WORK CC
set -eu
planner=$1 broken=$2 root=$3 work=$4 cc=$5

fail() {
	echo "cli.sh: $*" >&2
	exit 1
}

rm -rf "$work"
mkdir -p "$work"
"$planner" --out "$work" --depfile "$work/dep" --target planned || fail "planning failed"
for file in plan.c plan.h images.S plan.json plan.txt plan.svg dep; do
	test -s "$work/$file" || fail "$file is not written"
done
grep -q 'second.bin' "$work/dep" || fail "the depfile does not name the images"
"$planner" --print | cmp - "$work/plan.txt" || fail "--print is not plan.txt"
"$cc" -std=c11 -Wall -Wextra -Werror -I"$root/include" -I"$work" -c "$work/plan.c" -o "$work/plan.o" ||
	fail "plan.c does not compile"
"$cc" -c -o "$work/images.o" "$work/images.S" || fail "images.S does not assemble"
python3 -m json.tool "$work/plan.json" >/dev/null || fail "plan.json is not JSON"
! grep -q "$(dirname "$work")" "$work/plan.c" "$work/plan.h" "$work/plan.txt" || fail "a path got out"

code=0
"$planner" 2>/dev/null || code=$?
test $code = 2 || fail "wrong arguments: exit $code"
code=0
"$planner" --out "$work/none" 2>/dev/null || code=$?
test $code = 1 || fail "a folder that is not there: exit $code"
code=0
"$broken" --out "$work" 2>"$work/errors" || code=$?
test $code = 1 || fail "broken rules: exit $code"
test "$(grep -c '^error: ' "$work/errors")" -ge 2 || fail "not all errors are reported"
grep -q '^error: vm0: entry: ' "$work/errors" || fail "the entry is not reported"
