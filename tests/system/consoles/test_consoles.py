# SPDX-License-Identifier: Apache-2.0
"""Virtual UARTs: output with the VM's name before it, input to the VM that has the focus.

VM 0 is `left`, VM 2 is `right` (tests/guests/talker.c); VM 1, `silent`, has no console.
"""

import re

import pytest

ESCAPE = "\x1d"


@pytest.fixture(name="system", params=[False, True], ids=["parallel", "in_turn"])
def start_system(request, build, qemu):
    """The running system, both guests ready; with CPUs in parallel, and with CPUs taking turns."""
    machine = qemu(build("consoles"), virtual=request.param)
    machine.expect_all([r"\[left\] ready", r"\[right\] ready", r"\[bao\] silent halted"])
    return machine


def focus(machine, number, name):
    """Gives a VM the input."""
    machine.send(f"{ESCAPE}{number}")
    machine.expect(rf"\[bao\] input goes to {name}")


def test_input_goes_to_the_focused_vm(system):
    """First to the first VM; then to whichever was chosen; never to two."""
    system.send("hello\r")
    system.expect(r"\[left\] got <hello> of 5")
    focus(system, 2, "right")
    system.send("there\r")
    system.expect(r"\[right\] got <there> of 5")
    focus(system, 0, "left")
    system.send("half")
    focus(system, 2, "right")
    system.send("other\r")
    system.expect(r"\[right\] got <other> of 5")
    focus(system, 0, "left")
    system.send("way\r")
    system.expect(r"\[left\] got <halfway> of 7")
    assert len(system.lines("[left] got")) == 2 and len(system.lines("[right] got")) == 2


def test_polled_input(system):
    """A guest may poll its UART instead of waiting for interrupts."""
    focus(system, 2, "right")
    system.send("!poll\r")
    system.expect(r"\[right\] polling")
    system.send("polled\r")
    system.expect(r"\[right\] got <polled> of 6")


def test_escape_itself(system):
    """Typed twice, the escape key reaches the guest once."""
    system.send(f"a{ESCAPE}{ESCAPE}b\r")
    system.expect(r"\[left\] got <a\^b> of 3")


@pytest.mark.parametrize("key", ["1", "3", "9", "?", "x"])
def test_help(system, key):
    """VMs without a console, or that are not there, can't have the focus: help is shown instead."""
    system.send(f"{ESCAPE}{key}")
    system.expect(r"\[bao\] escape, then 0: input to left \(now\)\s+"
                  r"\[bao\] escape, then 2: input to right\s+"
                  r"\[bao\] escape twice: the escape character itself")
    system.send("still\r")
    system.expect(r"\[left\] got <still> of 5")


def test_lines_stay_whole(system):
    """Both talk at once and faster than the line: every line is whole, in order, under its own name."""
    system.send(f"!flood\r{ESCAPE}2!flood\r")
    system.expect_all([r"\[left\] flooded", r"\[right\] flooded"])
    wanted = [f"line {n:03d} abcdefghijklmnopqrstuvwxyz 0123456789" for n in range(300)]
    for name in ("left", "right"):
        assert [line for line in system.lines(f"[{name}] ") if line.startswith("line")] == wanted
    for line in system.text().splitlines():
        assert re.match(r"\[(bao|left|right)\] |$", line), f"no name before '{line}'\n{system.report()}"


def test_unfinished_line(system):
    """A prompt of the VM in focus is shown before its line ends, and gives way to others' lines."""
    system.send("!part\r")
    system.expect(r"\[left\] no end$")
    focus(system, 2, "right")
    system.send("word\r")
    system.expect(r"\[right\] got <word> of 4")
    focus(system, 0, "left")
    system.send("!end\r")
    system.expect(r"\[left\] , the end")


def test_off(system):
    """A VM that is off gets nothing; the focus can still move."""
    system.send("!off\r")
    system.expect(r"\[bao\] left halted")
    system.send("nobody hears\r")
    focus(system, 2, "right")
    system.send("me\r")
    system.expect(r"\[right\] got <me> of 2")
    system.send("!off\r")
    system.wait_off()
