#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks Kconfig against the code: every CONFIG_X in the code exists, every symbol is used somewhere,
every prompt has a help text, and every defconfig is the shortest form of itself and loads.

IS_ENABLED() of a misspelt option is 0 without a word from the compiler; here it is an error.
Arguments: root, then the files of the tree, relative to it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import kconfiglib

CODE = re.compile(r".*\.([chS]|cmake|py)|.*CMakeLists\.txt")
# Not options: a macro of system configurations, examples in comments, the architecture of host tests.
NOT_OPTIONS = {"CONFIG_HEADER", "CONFIG_X", "CONFIG_NAME", "CONFIG_ARCH_FAKE"}


def uses(root, files):
    """{option: first place} of all options the code names."""
    found = {}
    for name in files:
        if not CODE.fullmatch(name) or name.startswith(("tools/kconfig.py", "tests/", "tools/check/")):
            continue
        for number, line in enumerate((root / name).read_text().splitlines(), 1):
            for option in re.findall(r"\bCONFIG_[A-Z][A-Z0-9_]*\b", line):
                found.setdefault(option, f"{name}:{number}")
    return found


def check_symbols(kconf, used):
    """Code and Kconfig must name the same options."""
    defined = {f"CONFIG_{s.name}": s for s in kconf.unique_defined_syms}
    for option, where in sorted(used.items()):
        if option not in defined and option not in NOT_OPTIONS:
            yield f"{where}: {option}: no Kconfig defines it"
    for option, symbol in defined.items():
        node = symbol.nodes[0]
        place = f"{node.filename}:{node.linenr}"
        in_kconfig = any(symbol in items for items in referenced(kconf, symbol))
        if option not in used and not in_kconfig:
            yield f"{place}: {option}: nothing uses it"
        if node.prompt and symbol.choice is None and not node.help:
            yield f"{place}: {option}: no help text"


def referenced(kconf, symbol):
    """The sets of symbols that other symbols' definitions refer to; a choice's options count as used."""
    if symbol.choice is not None:
        yield {symbol}
    for other in kconf.unique_defined_syms:
        if other is not symbol:
            yield other.referenced
    for choice in kconf.unique_choices:
        yield choice.referenced


def check_defconfigs(root):
    """Each board's file configures, alone and under each fragment."""
    folder = root / "defconfigs"
    boards, fragments = sorted(folder.glob("*_defconfig")), sorted(folder.glob("*.config"))
    for files in [[b] for b in boards] + [[b, f] for b in boards for f in fragments]:
        with tempfile.TemporaryDirectory() as build:
            command = [sys.executable, root / "tools/kconfig.py", "configure", "--source", root,
                       "--build", build]
            for file in files:
                command += ["--defconfig", file]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode != 0:
                yield result.stderr.strip()


def main():
    """Checks the tree whose root is the first argument."""
    root = Path(sys.argv[1]).resolve()
    os.environ["srctree"] = str(root)
    os.environ["KCONFIG_WARN_UNDEF"] = "y"
    kconf = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
    findings = list(kconf.warnings)
    findings += check_symbols(kconf, uses(root, sys.argv[2:]))
    findings += check_defconfigs(root)
    print("\n".join(findings), end="\n" if findings else "")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
