# SPDX-License-Identifier: Apache-2.0
"""Above Trusted Firmware-A, built here from Debian's source: EL3, real PSCI, two security states.

Priorities, interrupt groups and CPU start differ from QEMU's own start, where there is no EL3.
"""

import os
import pathlib
import subprocess

import pytest
from support.building import ROOT, clean_environment, locked

BL33_ADDRESS = 0x60000000  # where TF-A's plat/qemu enters the next stage
LIMIT_S = 400


def make_bios(folder, payload):
    """The flash image: TF-A with `payload` as BL33."""
    source = folder / "tf-a"
    with locked(folder / "tf-a.lock"):
        subprocess.run([ROOT / "tools" / "fetch", "arm-trusted-firmware:source/trixie", source],
                       check=True, timeout=LIMIT_S)
        subprocess.run(["make", "-s", "-C", source, "-j2", "PLAT=qemu", "QEMU_USE_GIC_DRIVER=QEMU_GICV3",
                        "CROSS_COMPILE=aarch64-linux-gnu-", f"BL33={payload}", "all", "fip"],
                       check=True, timeout=LIMIT_S, stdout=subprocess.DEVNULL, env=clean_environment())
    return source / "build" / "qemu" / "release" / "qemu_fw.bios"


@pytest.fixture(scope="module")
def firmware(build):
    """The system, linked for where the firmware enters it, and the flash image."""
    system = build("firmware", config=[f"CONFIG_HYP_BASE={BL33_ADDRESS:#x}"])
    folder = pathlib.Path(os.environ.get("BAO_TEST_BUILD", ROOT / "build" / "tests" / "system"))
    return system, make_bios(folder.resolve(), system.bin)


def test_boot_to_power_off(firmware, qemu):
    """CPUs start through the firmware, every VM runs to its end, the firmware powers the machine off."""
    system, bios = firmware
    machine = qemu(system, image=["-bios", str(bios)], changes={
        "virtualization=on": "virtualization=on,secure=on", "cortex-a53": "cortex-a57"})
    machine.wait_off()
    assert "BL31" in machine.text()
    for name in ("first", "second", "third"):
        assert machine.lines(f"[{name}] ") == ["hello from EL1", "1 s", "2 s", "3 s"], machine.report()
    assert "every VM has halted: powering off" in machine.lines("[bao] "), machine.report()
