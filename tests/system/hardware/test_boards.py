# SPDX-License-Identifier: Apache-2.0
"""Boards that QEMU's machine is not: what the hypervisor says when it finds less than its board has.

Each board is a folder added to a copy of the source tree, nothing else: that this is enough to add one
is tested, too.
"""

import re
import shutil

import pytest

from support.building import ROOT, Build, make
from support.machine import qemu_words

TREE = ("Kconfig", "CMakeLists.txt", "Makefile", "arch", "boards", "cmake", "core", "defconfigs", "demos",
        "drivers", "include", "tests/guests", "tests/system/guest.cmake", "tests/system/boot", "tools")

# Name: what is changed in board.c, and the line that tells of it. PARange of the Cortex-A53 is 40 bits.
BOARDS = {
    "wide": ([(r"\.pa_bits = \d+", ".pa_bits = 44"),
              (r"\{ \.base = 0x40000000, \.size = 0x40000000 \},",
               "{ .base = 0x40000000, .size = 0x40000000 }, { .base = 0x80000000000, .size = 0x40000000 },")],
             r"error: CPU 0 has 40 physical address bits, the plan needs 44: stopped"),
    "elsewhere": ([(r"\{ 0, 1, 2, 3, 4, 5, 6, 7 \}", "{ 256, 257, 258, 259, 260, 261, 262, 263 }")],
                  r"error: booted on the CPU with MPIDR affinity 0x0+, which the plan does not know: stopped"),
    "rich": ([(r"\.interrupt_count = 288", ".interrupt_count = 512")],
             r"error: the interrupt controller has fewer interrupts than the plan relies on\s+"
             r"\[bao\] error: this machine is not the one the system was planned for: stopped"),
}


@pytest.fixture(scope="module", name="tree")
def copy_tree(tmp_path_factory):
    """A copy of the sources, with the boards' folders added."""
    tree = tmp_path_factory.mktemp("tree")
    for name in TREE:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tree / name)
    for name in BOARDS:
        add_board(tree, name)
    return tree


def add_board(tree, name):
    """A board like QEMU's, with its changes."""
    old, new = tree / "boards" / "qemu-aarch64-virt", tree / "boards" / name
    shutil.copytree(old, new)
    for path in new.iterdir():
        text = path.read_text().replace("qemu-aarch64-virt", name).replace("QEMU_AARCH64_VIRT", name.upper())
        path.write_text(text)
    source = (new / "board.c").read_text()
    for pattern, replacement in BOARDS[name][0]:
        source, count = re.subn(pattern, replacement, source)
        assert count == 1, pattern
    (new / "board.c").write_text(source)
    defconfig = tree / "defconfigs" / f"{name}_defconfig"
    defconfig.write_text(f"# SPDX-License-Identifier: Apache-2.0\nCONFIG_BOARD_{name.upper()}=y\n")


@pytest.mark.parametrize("name", BOARDS)
def test_less_than_the_board(tree, qemu, name):
    """The line that says what is missing; no guest is started."""
    out = tree / f"out-{name}"
    make(f"O={out}", f"{name}_defconfig", root=tree)
    make(f"O={out}", f"SYSTEM={tree}/tests/system/boot/config.c", "SYSTEM_CPPFLAGS=-DVCPUS=2", root=tree)
    machine = qemu.start(qemu_words(Build(out)))
    machine.expect(rf"\[bao\] {BOARDS[name][1]}")
    machine.rests()
    assert "[guest]" not in machine.text() and "started on" not in machine.text(), machine.report()
