# SPDX-License-Identifier: Apache-2.0
"""Where images come from: built in, from a boot loader, used in place; and what a reset makes of each."""

import pytest

LOADED_AT = 0x60000000


@pytest.fixture(scope="module")
def machine(build, module_qemu):
    """The system, run to its end; QEMU is the boot loader."""
    system = build("images")
    image = system.folder / "guests" / "again.bin"
    running = module_qemu(system, extra=["-device", f"loader,file={image},addr={LOADED_AT:#x},force-raw=on"])
    running.wait_off()
    return running


@pytest.mark.parametrize("name", ["builtin", "loaded"])
def test_fresh_again(machine, name):
    """After a reset the image is as it was."""
    assert machine.lines(f"[{name}] ") == ["life 1, image fresh", "life 2, image fresh"], machine.report()


def test_in_place(machine):
    """It runs where it is, and a reset stops its VM: no pristine copy exists."""
    assert machine.lines("[inplace] ") == ["life 1, image fresh"], machine.report()
    told = [line for line in machine.lines("[bao] ") if "inplace" in line]
    assert told == ["inplace started on CPU 2", "warning: inplace: its image is used in place and can't be "
                    "loaded anew", "inplace: reset", "inplace halted"], machine.report()


def test_nothing_copied(build):
    """The plan has no copy of the image for the VM that uses it in place."""
    text = (build("images").folder / "plan" / "plan.c").read_text()
    assert "/* builtin: image */" in text and "/* loaded: image */" in text
    assert "/* inplace: image */" not in text
