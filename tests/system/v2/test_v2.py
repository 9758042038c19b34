# SPDX-License-Identifier: Apache-2.0
"""A configuration in the form of Bao v2, unmodified, builds and runs."""

import re


def test_builds_and_runs(build, qemu):
    """The image comes from elsewhere, its folder named by a definition, as v2 users do."""
    images = build("boot", cppflags="-DVCPUS=2").folder / "guests"
    system = build("v2", cppflags=f"-DIMAGES_FOLDER={images}")
    assert [vm["name"] for vm in system.plan["vms"]] == ["vm0"]
    machine = qemu(system, serials=2)
    # The VM has the second UART to itself: what it says has no name before it.
    machine.expect("^plain guest: 4 CPUs, 5 ticks", serial=1)
    machine.wait_off()
    assert "vm0 halted" in machine.lines("[bao] ")
    assert not re.search(r"warning|error", machine.text()), machine.report()
