# SPDX-License-Identifier: Apache-2.0
"""A VM with 1, 2, 4 and 8 vCPUs: all come up by PSCI CPU_ON, in the state PSCI defines."""

import pytest


def check_arrivals(machine, count):
    """Every vCPU has said that it is there, once, and in which state."""
    lines = machine.lines("[guest] vcpu ")
    # MPIDR_EL1: bit 31 is RES1, Aff0 the number of the vCPU.
    expected = ["0: MPIDR 0x80000000, EL1, MMU and caches off, argument 0x0"]
    expected += [f"{n}: MPIDR 0x{0x80000000 | n:x}, EL1, MMU and caches off, argument 0x{0x1000 + n:x}"
                 for n in range(1, count)]
    assert sorted(lines) == expected, machine.report()


@pytest.mark.parametrize("clang", [False, True], ids=["gcc", "clang"])
@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_vcpus_come_up(build, qemu, count, clang):
    """As many vCPUs as configured, built with either compiler; then the machine is powered off."""
    machine = qemu(build("boot", cppflags=f"-DVCPUS={count}", clang=clang))
    machine.expect(f"all {count} vcpus up")
    machine.wait_off()
    check_arrivals(machine, count)
    assert "guest halted" in machine.lines("[bao] ")
