# SPDX-License-Identifier: Apache-2.0
"""Remote I/O: a VM emulates devices for another. tests/guests/remote_front.c reports."""

import pytest

SECTIONS = ["accesses", "notify", "misuse", "parallel", "backend_restart", "end"]


@pytest.fixture(scope="module", params=[False, True], ids=["parallel", "in_turn"])
def report(request, run_suite):
    """What the frontend reports: with CPUs running in parallel, and with CPUs taking turns."""
    return run_suite("remote", "front", virtual=request.param)


@pytest.mark.parametrize("section", SECTIONS)
def test_section(report, section):
    """One section of the guest's checks."""
    report.check(section)


def test_complete(report):
    """The guest came to its end, and these are all its sections."""
    report.check_complete(SECTIONS)
