#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes of a build's compile_commands.json one for clang-tidy: the C files of the source tree, without
generated ones, and without flags that only GCC knows. Prints the files.

Arguments: the compile_commands.json, the root of the tree, the folder for the new one.
"""

import json
import os
import re
import sys

GCC_ONLY = re.compile(r" (-fno-tree-\S+|-Wno-format-truncation)(?= |$)")


def main():
    """Writes the new file and prints one path per line."""
    database, root = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]) + "/"
    build = os.path.dirname(database) + "/"
    with open(database, encoding="utf-8") as file:
        entries = json.load(file)
    kept = {}
    for entry in entries:
        name = os.path.realpath(entry["file"])
        if name.startswith(root) and not name.startswith(build) and name.endswith(".c"):
            kept[name] = dict(entry, file=name, command=GCC_ONLY.sub("", entry["command"]))
    os.makedirs(sys.argv[3], exist_ok=True)
    with open(os.path.join(sys.argv[3], "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(kept.values()), file, indent=1)
    print("\n".join(sorted(kept)))


if __name__ == "__main__":
    main()
