#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every complete example of docs/configuration.md is planned without errors and warnings.

Usage: examples.py DOCUMENT WORK ROOT CC LIBRARY. Compiles each C block that defines a configuration
into a planner of its own and runs it, with files of the names the examples use.
"""
import pathlib
import re
import subprocess
import sys

document, work, root, cc, library = (pathlib.Path(argument) for argument in sys.argv[1:6])
here = pathlib.Path(__file__).parent
work.mkdir(parents=True, exist_ok=True)
for name in ("Image", "guest.bin", "initramfs.gz"):
    (work / name).write_bytes(b"an image")

blocks = re.findall(r"^```c\n(.*?)^```$", document.read_text(), re.MULTILINE | re.DOTALL)
blocks = [block for block in blocks if "struct config config" in block]
if len(blocks) < 4:
    sys.exit(f"{document}: only {len(blocks)} examples are found")
for number, block in enumerate(blocks):
    source = work / f"example{number}.c"
    program = work / f"example{number}"
    source.write_text(block)
    subprocess.run(
        [cc, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Werror", "-fsanitize=address,undefined",
         f"-I{root}/include", f"-I{root}/tools/planner/include", f"-I{root}/tools/planner",
         f"-I{here}/cli", "-o", program, source, root / "tools/planner/main.c",
         here / "cli_board.c", library, "-lfdt"],
        check=True)
    run = subprocess.run([program, "--print"], capture_output=True, text=True)
    if run.returncode != 0 or run.stderr:
        sys.exit(f"{document}, example {number}: exit {run.returncode}\n{run.stderr}")
