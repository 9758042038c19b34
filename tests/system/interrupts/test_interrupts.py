# SPDX-License-Identifier: Apache-2.0
"""Interrupts as a guest sees them: tests/guests/interrupts*.c, a test here for each of its sections."""

import pytest

SECTIONS = ["registers", "timer", "sgis", "state", "routing", "priorities", "overflow"]


@pytest.fixture(scope="module")
def report(run_suite):
    """What the guest reports."""
    return run_suite("interrupts", "guest")


@pytest.mark.parametrize("section", SECTIONS)
def test_section(report, section):
    """One section of the guest's checks."""
    report.check(section)


def test_complete(report):
    """The guest came to its end, and these are all its sections."""
    report.check_complete(SECTIONS)
