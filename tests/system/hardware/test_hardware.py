# SPDX-License-Identifier: Apache-2.0
"""How the image may be started, and what is said when it was not: one clear line, never a silent hang."""

import pathlib
import re
import subprocess

import pytest

from support.building import ROOT, locked
from support.machine import qemu_words

CPUS = 4
STOPPED = r"this machine is not the one the system was planned for: stopped\s"


@pytest.fixture(scope="module", name="image")
def build_image(build):
    """A system of four CPUs."""
    return build("boot", cppflags=f"-DVCPUS={CPUS}")


def loader(build, address):
    """Words that have another loader put the raw image somewhere and enter it at its first byte."""
    return ["-device", f"loader,file={build.bin},addr={address:#x},force-raw=on,cpu-num=0"]


def check_runs(machine):
    """The guest came up on every CPU and went off."""
    machine.expect(f"all {CPUS} vcpus up")
    machine.wait_off()


def check_refused(machine, pattern):
    """The line is printed, nothing is started, and the machine rests: nothing more comes."""
    machine.expect(pattern)
    machine.rests()
    assert "started on" not in machine.text() and "[guest]" not in machine.text(), machine.report()


# ---- starts that must do -----------------------------------------------------------------------------


def test_elf_by_qemu(image, qemu):
    """QEMU's own -kernel start of the ELF file."""
    check_runs(qemu(image))


def test_raw_image_by_qemu(image, qemu):
    """QEMU's own -kernel start of the raw image, whose header says where it wants to be."""
    check_runs(qemu(image, image=["-kernel", str(image.bin)]))


def test_raw_image_by_another_loader(image, qemu):
    """A loader that knows nothing of the image but its address."""
    check_runs(qemu(image, image=loader(image, 0x40200000)))


def test_loader_that_leaves_the_mmu_on(image, qemu, tmp_path):
    """A loader that enters the image with MMU and caches on, and junk in every register."""
    source = pathlib.Path(__file__).parent / "loader.S"
    elf, raw = tmp_path / "loader.elf", tmp_path / "loader.bin"
    subprocess.run(["aarch64-linux-gnu-gcc", "-nostdlib", "-static", "-Wl,-Ttext=0x48000000",
                    "-Wl,--build-id=none", "-o", elf, source], check=True)
    subprocess.run(["aarch64-linux-gnu-objcopy", "-O", "binary", elf, raw], check=True)
    check_runs(qemu(image, image=[
        "-device", f"loader,file={raw},addr=0x48000000,force-raw=on,cpu-num=0",
        "-device", f"loader,file={image.bin},addr=0x40200000,force-raw=on"]))


def test_u_boot(build, image, qemu):
    """Debian's U-Boot starts it as it starts a kernel: booti reads the image's header."""
    folder = build.folder / "u-boot"
    with locked(build.folder / "u-boot.lock"):
        subprocess.run([ROOT / "tools" / "fetch", "u-boot-qemu:arm64", folder], check=True)
    machine = qemu(image, image=["-bios", f"{folder}/usr/lib/u-boot/qemu_arm64/u-boot.bin",
                                 "-device", f"loader,file={image.bin},addr=0x44000000,force-raw=on"])
    machine.expect("Hit any key to stop autoboot")
    machine.send("\r")
    machine.expect("=> ")
    # It has to be moved to where its header says.
    machine.send("booti 0x44000000 - ${fdtcontroladdr}\r")
    machine.expect("Moving Image from 0x44000000 to 0x40200000")
    check_runs(machine)


def test_words_are_the_boards(image):
    """These tests run what `make run` runs, but for the changes they name."""
    words = " ".join(qemu_words(image))
    assert re.search(r"qemu-system-aarch64 .*virtualization=on,gic-version=3 .*-cpu cortex-a53", words)


@pytest.mark.parametrize("cpu", ["cortex-a57", "cortex-a72", "max"])
def test_other_cpus(image, qemu, cpu):
    """CPUs with more features than the one planned for."""
    check_runs(qemu(image, changes={"cortex-a53": cpu}))


def test_gicv4(image, qemu):
    """An interrupt controller of the next version, whose redistributors are twice as large."""
    check_runs(qemu(image, changes={"gic-version=3": "gic-version=4"}))


def test_more_cpus_than_planned(image, qemu):
    """CPUs that nobody planned for are left alone."""
    check_runs(qemu(image, smp=8))


# ---- starts that cannot do ---------------------------------------------------------------------------


@pytest.mark.parametrize("smp", [1, 2, 3])
def test_too_few_cpus(image, qemu, smp):
    """Fewer CPUs than the plan uses."""
    machine = qemu(image, smp=smp)
    check_refused(machine, rf"\[bao\] error: .*CPU is missing.*\s+\[bao\] error: {STOPPED}")


def test_gicv2(image, qemu):
    """An older interrupt controller."""
    machine = qemu(image, changes={"gic-version=3": "gic-version=2"})
    check_refused(machine, rf"\[bao\] error: expected a GICv3, found .*\s+\[bao\] error: {STOPPED}")


def test_not_at_el2(image, qemu):
    """A machine without virtualisation: entered at EL1."""
    machine = qemu(image, changes={"virtualization=on": "virtualization=off"})
    check_refused(machine, r"\[bao\] error: started at EL1, expected EL2 \(.*virtualization=on.*\): stopped")


def test_at_el3(image, qemu):
    """Entered at EL3, on all CPUs at once: one of them speaks."""
    machine = qemu(image, changes={"virtualization=on": "virtualization=on,secure=on"})
    check_refused(machine, r"\[bao\] error: started at EL3, expected EL2 \(.*\): stopped")
    assert machine.text().count("error:") == 1, machine.report()


@pytest.mark.parametrize("address", [0x40300000, 0x40201000, 0x40201004, 0x401ffffc, 0x78000000])
def test_wrong_address(image, qemu, address):
    """Put elsewhere, also where nothing is aligned: the image says where it is and where it should be."""
    machine = qemu(image, image=loader(image, address))
    check_refused(machine, rf"\[bao\] error: loaded at 0x0*{address:x}, expected 0x0*40200000: stopped")


def test_too_little_memory(image, qemu):
    """The VM's memory is not all there: said before the VM starts."""
    extent = image.plan["vms"][0]["extents"][0]
    last = extent["pa"] + extent["size"] - 1
    machine = qemu(image, changes={"1G": f"{(extent['pa'] - 0x40000000) >> 20}M"})
    line = machine.expect(r"\[bao\]\s+no memory at physical address (0x[0-9a-f]+): less RAM than planned")
    assert extent["pa"] <= int(line.group(1), 16) <= last
    machine.expect(r"panic on CPU 0, phase load")
    machine.expect(r"panic: all CPUs stop")
    machine.rests()
    assert "[guest]" not in machine.text()
