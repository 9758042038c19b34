# SPDX-License-Identifier: Apache-2.0
"""Channels between VMs, by hypercall and by doorbell, in both directions: tests/guests/channel.c."""

import pytest

SECTIONS = ["start", "hypercall", "doorbell", "return", "ping_pong", "merging", "end"]


@pytest.fixture(scope="module", params=[False, True], ids=["parallel", "in_turn"])
def report(request, run_suite):
    """What VM `one` reports: with CPUs running in parallel, and with CPUs taking turns."""
    return run_suite("channels", "one", virtual=request.param)


@pytest.mark.parametrize("section", SECTIONS)
def test_section(report, section):
    """One section of the guest's checks."""
    report.check(section)


def test_complete(report):
    """The guest came to its end, and these are all its sections."""
    report.check_complete(SECTIONS)
