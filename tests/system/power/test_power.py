# SPDX-License-Identifier: Apache-2.0
"""Power control as a guest sees it: tests/guests/power.c, with a neighbour that must not notice.

Time is counted in instructions, so the neighbour's deadlines mean something.
"""

import re

import pytest

SECTIONS = ["lives", "versions", "identity", "unknown_calls", "on_off", "suspend", "resets"]


@pytest.fixture(scope="module")
def report(run_suite):
    """What the guest reports over its three lives."""
    return run_suite("power", "guest", virtual=True)


@pytest.mark.parametrize("section", SECTIONS)
def test_section(report, section):
    """One section of the guest's checks."""
    report.check(section)


def test_complete(report):
    """The guest came to its end, and these are all its sections."""
    report.check_complete(SECTIONS)


def test_three_lives(report):
    """Reset, reset from another vCPU, powered off: of this VM, told once each."""
    machine = report.machine
    assert [line for line in machine.lines("[guest] ") if line.startswith("life")] == \
        ["life 1", "life 2", "life 3"]
    told = [line for line in machine.lines("[bao] ") if line.startswith("guest")]
    # Lines of different CPUs may change places on their way to the console.
    assert sorted(told) == sorted(["guest started on CPU 0", "guest: reset", "guest restarted on CPU 0",
                                   "guest: warm reset", "guest restarted on CPU 0",
                                   "guest: powered off", "guest halted"]), machine.report()


def test_nothing_printed_for_unknown_calls(report):
    """Calls that don't exist are answered, not told of."""
    text = report.machine.text()
    quiet = text[text.index("== unknown_calls"):text.index("-- unknown_calls")]
    assert "[bao]" not in quiet


def test_neighbour_goes_on(report):
    """The peer was started once, kept its period and its memory."""
    machine = report.machine
    lines = machine.lines("[peer] ")
    assert lines[0] == "peer starts" and lines.count("peer starts") == 1, machine.report()
    last = re.fullmatch(r"ticks (\d+), late (\d+), rounds (\d+), damaged (\d+)", lines[-1])
    assert last, machine.report()
    ticks, late, rounds, damaged = map(int, last.groups())
    assert ticks > 30 and rounds > 4 and late == 0 and damaged == 0, machine.report()
