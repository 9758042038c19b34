# SPDX-License-Identifier: Apache-2.0
"""Options away from their defaults: the hypervisor still builds, and does what they say."""

import re


def test_for_debugging(build, qemu):
    """Built for a debugger, with everything logged: vCPUs going on and off are told of."""
    machine = qemu(build("boot", cppflags="-DVCPUS=4", config=["CONFIG_OPTIMIZE_DEBUG=y", "CONFIG_LOG_DEBUG=y",
                                                             "CONFIG_STACK_SIZE=16384"]), smp=8)
    machine.expect("all 4 vcpus up")
    machine.wait_off()
    assert "guest halted" in machine.lines("[bao] ")


def test_small_and_silent(build, qemu):
    """Built for size without what can be left out, logging errors alone: a healthy system says nothing,
    and the machine stays on when its VMs are off."""
    machine = qemu(build("boot", cppflags="-DVCPUS=2", config=[
        "CONFIG_OPTIMIZE_SIZE=y", "CONFIG_LOG_ERROR=y", "# CONFIG_IPC is not set",
        "# CONFIG_REMIO is not set", "# CONFIG_CHECKS is not set", "CONFIG_STACK_SIZE=4096",
        "# CONFIG_SYSTEM_OFF_WHEN_IDLE is not set", "CONFIG_CONSOLE_RING_SIZE=64"]))
    machine.expect(r"all 2 vcpus up\s+")
    machine.rests()
    lines = [line for line in machine.text().splitlines() if line]
    assert len(lines) == 3 and all(re.match(r"\[guest\] ", line) for line in lines), machine.report()


def test_without_virtual_uarts(build, qemu):
    """No virtual UART in the hypervisor: a VM with a UART of its own needs none."""
    images = build("boot", cppflags="-DVCPUS=2").folder / "guests"
    machine = qemu(build("v2", cppflags=f"-DIMAGES_FOLDER={images}",
                         config=["# CONFIG_VIRTUAL_UART is not set"]), serials=2)
    machine.expect("plain guest: 4 CPUs, 5 ticks", serial=1)
    machine.wait_off()
