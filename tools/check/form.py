#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of text: every file names its licence, has no stray blanks, is not too long; C has no weak
symbols, headers are guarded by #pragma once, and C code is not kept in comments or #if 0.

Arguments: root, then the files, relative to it.
"""

import re
import sys
from pathlib import Path

MAX_LINES = 600
NO_LICENCE_LINE = re.compile(r"LICENSE|.*\.(json|svg|png|md|txt|dtb)|.*\.gitkeep|.*\.gitignore|.*/motd")
BINARY = re.compile(r".*\.(png|dtb|bin|gz)")
WEAK = re.compile(r"\b__weak\b|__attribute__\s*\(\(.*\bweak\b|^\s*\.weak\b|#\s*pragma\s+weak", re.M)
DEAD = re.compile(r"^\s*#\s*if\s+0\b", re.M)
C_LIKE = re.compile(r".*\.([chS]|ld|lds)")


def findings_in(name, text):
    """What is wrong with one file."""
    lines = text.splitlines()
    head = lines[:2]
    if not NO_LICENCE_LINE.fullmatch(name) and not any(
            "SPDX-License-Identifier: Apache-2.0" in line for line in head):
        yield f"{name}:1: no line 'SPDX-License-Identifier: Apache-2.0'"
    if text and not text.endswith("\n"):
        yield f"{name}:{len(lines)}: no newline at the end"
    if "\r" in text:
        yield f"{name}: has carriage returns"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip() and not name.endswith(".md"):
            yield f"{name}:{number}: blanks at the end of the line"
    if len(lines) > MAX_LINES and name != "LICENSE" and re.fullmatch(r".*\.([chS]|py|cmake)", name):
        yield f"{name}: {len(lines)} lines, more than {MAX_LINES}: split it"
    if C_LIKE.fullmatch(name):
        for pattern, what in ((WEAK, "weak symbol"), (DEAD, "dead code (#if 0)")):
            for match in pattern.finditer(text):
                yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
    if name.endswith(".h") and len(re.findall(r"^#pragma once$", text, re.M)) != 1:
        yield f"{name}: wants one '#pragma once'"


def main():
    """Checks the files named on the command line."""
    root = Path(sys.argv[1])
    findings = []
    for name in sys.argv[2:]:
        if BINARY.fullmatch(name):
            continue
        findings += findings_in(name, (root / name).read_text())
    print("\n".join(findings), end="\n" if findings else "")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
