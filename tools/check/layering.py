#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks which part of the tree may include what, and that headers do not include each other in circles.

Dependencies meet only at the contracts in include/bao: core/ knows no architecture and no driver,
drivers know no core, and the audit shares no code with the planner. The rules are the table below.
"""

import re
import sys
from pathlib import Path

STANDARD = r"std(arg|atomic|bool|def|int|align|noreturn)\.h|limits\.h"
CONTRACTS = r"bao/.*|abi/.*|plan\.h|" + STANDARD
# (files, what they may include in angle brackets, whether "neighbours" are allowed); first match counts.
RULES = [
    (r"include/abi/.*", STANDARD, False),
    (r"include/bao/arch/inline\.h", CONTRACTS + r"|autoconf\.h|(arm|fake)/inline\.h", False),
    (r"arch/arm/.*\.S", r"autoconf\.h|plan\.h|abi/.*|(arm|armv8-a)/.*|bao/.*", False),
    (r"include/bao/kconfig\.h", r"autoconf\.h", False),
    (r"include/bao/.*", CONTRACTS, False),
    (r"core/linker\.ld\.S", r"plan\.h|autoconf\.h", False),
    (r"core/.*", CONTRACTS, False),
    # The GICv3's CPU interface is system registers.
    (r"drivers/irqchip/gicv3\.c", CONTRACTS + r"|arm/aarch64/sysreg\.h", True),
    (r"drivers/.*", CONTRACTS, True),
    (r"arch/arm/.*", CONTRACTS + r"|(arm|armv8-a)/.*", False),
    (r"arch/armv8-a/.*", CONTRACTS + r"|(arm|armv8-a)/.*", False),
    (r"boards/.*", r"bao/board\.h|" + STANDARD, False),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
ROOTS = ["include", "arch"]


def includes_of(path):
    """(bracket, name, line) of every include of a file."""
    text = path.read_text()
    return [(m.group(1), m.group(2), text.count("\n", 0, m.start(2)) + 1)
            for m in INCLUDE.finditer(text)]


def check_rules(root, path):
    """Complaints about what one file includes."""
    name = path.relative_to(root).as_posix()
    rule = next((rule for rule in RULES if re.fullmatch(rule[0], name)), None)
    if rule is None:
        return
    for bracket, included, line in includes_of(path):
        if bracket == '"' and not rule[2]:
            yield f'{name}:{line}: "{included}": include by path from a root, in angle brackets'
        elif bracket == "<" and not re.fullmatch(rule[1], included):
            yield f"{name}:{line}: <{included}>: not for {rule[0].split('/')[0]}/, see docs/style.md"


def check_tools(root):
    """The audit proves the planner's work, so neither may use the other's code."""
    for part, other in (("audit", "planner"), ("planner", "audit")):
        theirs = root / "tools" / other
        for path in sorted((root / "tools" / part).glob("*.[ch]")):
            for _, included, line in includes_of(path):
                neighbour = (path.parent / included).resolve()
                reached = neighbour if neighbour.is_file() else (theirs / included).resolve()
                if reached.is_file() and reached.is_relative_to(theirs):
                    yield (f"{path.relative_to(root)}:{line}: {included} belongs to the {other}; "
                           "planner and audit share no code")


def resolve(root, path, bracket, included):
    """The file of the tree that an include means, or None."""
    folders = [path.parent] if bracket == '"' else []
    for folder in folders + [root / r for r in ROOTS]:
        if (folder / included).is_file():
            return (folder / included).resolve()
    return None


def check_circles(root, headers):
    """Each circle of headers, once."""
    graph = {}
    for path in headers:
        targets = [resolve(root, path, bracket, name) for bracket, name, _ in includes_of(path)]
        graph[path.resolve()] = [t for t in targets if t is not None]
    done, trail, found = set(), [], []

    def visit(node):
        if node in trail:
            circle = trail[trail.index(node):] + [node]
            found.append(" -> ".join(str(p.relative_to(root)) for p in circle))
            return
        if node in done:
            return
        trail.append(node)
        for target in graph.get(node, []):
            visit(target)
        trail.pop()
        done.add(node)

    for node in sorted(graph):
        visit(node)
    return [f"headers in a circle: {circle}" for circle in found]


def main():
    """Checks the tree whose root is the argument."""
    root = Path(sys.argv[1]).resolve()
    sources = [p for folder in ("include", "core", "arch", "drivers", "boards")
               for p in sorted((root / folder).rglob("*.[chS]"))]
    headers = [p for folder in ("include", "core", "arch", "drivers", "tools", "demos", "tests")
               for p in sorted((root / folder).rglob("*.h"))]
    findings = [f for path in sources for f in check_rules(root, path)]
    findings += check_tools(root)
    findings += check_circles(root, headers)
    print("\n".join(findings), end="\n" if findings else "")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
