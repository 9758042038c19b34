# SPDX-License-Identifier: Apache-2.0
"""What a test guest says of itself (tests/guests/suite.h): sections, each with its count of checks.

    == sgi
    FAIL sgi_to_all: got 2, want 3 (interrupts.c:120)
    -- sgi: 12 checks, 1 failed
    end: 5 sections, 60 checks, 1 failed
"""

import re


class Section:
    """The checks of one section."""

    def __init__(self):
        self.checks = 0
        self.failures = []


class Report:
    """A VM's whole report; the machine is off."""

    def __init__(self, machine, vm):
        self.machine = machine
        self.sections = {}
        self.finished = False
        current = None
        for line in machine.lines(f"[{vm}] "):
            begin = re.fullmatch(r"== (\w+)", line)
            ended = re.fullmatch(r"-- (\w+): (\d+) checks, (\d+) failed", line)
            last = re.fullmatch(r"end: (\d+) sections, (\d+) checks, (\d+) failed", line)
            if begin:
                current = self.sections.setdefault(begin.group(1), Section())
            elif line.startswith("FAIL ") and current is not None:
                current.failures.append(line)
            elif ended:
                self.sections[ended.group(1)].checks += int(ended.group(2))
                current = None
            elif last:
                self.finished = True

    def check(self, name):
        """Asserts that a section ran and that all its checks held."""
        section = self.sections.get(name)
        if section is None:
            self.machine.fail(f"section '{name}' has not run")
        if section.failures:
            self.machine.fail("\n".join(section.failures))
        if section.checks == 0:
            self.machine.fail(f"section '{name}' has not been completed")

    def check_complete(self, names):
        """Asserts that the guest came to its end and ran exactly these sections."""
        if not self.finished:
            self.machine.fail("the guest has not come to its end")
        assert list(self.sections) == list(names)
