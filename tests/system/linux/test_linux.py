# SPDX-License-Identifier: Apache-2.0
"""An unmodified Debian kernel beside rt: the demonstration, as its user would use it.

Time is counted in instructions, so rt's deadlines mean something: with the CPUs taking turns of 100 us,
an interrupt can be 200 us late for that reason alone, of a period of 1 ms.
"""

import re

import pytest

DEMO = "demos/linux-rt/config.c"
PROMPT = r"linux:/# "
LINUX = 1  # serial line of its console; 0 has the hypervisor's and rt's
REBOOTS = 20
BOOT_LIMIT_S = 240
STATISTICS = re.compile(r"(\d+) periods, latency min/avg/max [\d.]+/[\d.]+/([\d.]+) us, missed (\d+)")


class Linux:
    """The shell."""

    def __init__(self, machine):
        self.machine = machine
        self.count = 0
        self.wait_boot()

    def wait_boot(self):
        """Waits for a prompt."""
        self.machine.expect(PROMPT, LINUX, limit=BOOT_LIMIT_S)

    def run(self, command):
        """What a command prints. It must succeed."""
        self.count += 1
        # The quotes keep the echo of the command line from being taken for the end.
        self.machine.send(f"{command}; echo \"<\"{self.count}: $?\">\"\n", LINUX)
        match = self.machine.expect(rf"<{self.count}: (\d+)>", LINUX)
        output = self.machine.serials[LINUX].console.before
        if match.group(1) != "0":
            self.machine.fail(f"{command}: status {match.group(1)}")
        self.machine.expect(PROMPT, LINUX)
        return output.replace("\r", "").split("\n", 1)[1]

    def statistics(self, command="rt-send stats"):
        """rt's own count, asked for over the channel: periods, missed deadlines, worst latency in us."""
        match = STATISTICS.search(self.run(command))
        if not match:
            self.machine.fail("rt has sent no statistics")
        return int(match.group(1)), int(match.group(3)), float(match.group(2))


def boot(machines, build, cpus):
    """The demonstration, at Linux's prompt."""
    system = build(DEMO, cppflags=f"-DLINUX_CPUS={cpus}")
    return Linux(machines(system, serials=2, virtual=True))


@pytest.fixture(scope="module")
def linux(build, module_qemu):
    """Linux with two vCPUs, shared by the tests of this file in their order."""
    return boot(module_qemu, build, 2)


def interrupt_counts(linux, name):
    """How many of an interrupt each CPU has taken."""
    match = re.search(rf"^ *\w+:((?: +\d+)+) .*{name}", linux.run("cat /proc/interrupts"), re.M)
    assert match, f"no {name} in /proc/interrupts"
    return [int(number) for number in match.group(1).split()]


def test_one_cpu(build, qemu):
    """It boots on one vCPU as well, and reaches rt from there."""
    linux = boot(qemu, build, 1)
    assert linux.run("nproc").strip() == "1"
    assert linux.run("rt-send echo one").strip() == "rt: one"


def test_unmodified_kernel(linux):
    """It is a Debian kernel, as packaged."""
    assert re.search(r"Linux version 6\.\d+\.\d+-\d+-cloud-arm64 .*Debian", linux.run("cat /proc/version"))


def test_smp(linux):
    """Both CPUs run programs and interrupt each other."""
    assert linux.run("nproc").strip() == "2"
    linux.run("taskset 1 true && taskset 2 true")
    assert all(count > 0 for count in interrupt_counts(linux, "Rescheduling interrupts"))


def test_timer(linux):
    """Sleeping takes its time, and both CPUs have timer interrupts."""
    before = float(linux.run("cut -d' ' -f1 /proc/uptime"))
    linux.run("sleep 2")
    assert 2.0 <= float(linux.run("cut -d' ' -f1 /proc/uptime")) - before < 3.0
    assert all(count > 0 for count in interrupt_counts(linux, "arch_timer"))


def test_channel(linux):
    """Questions and answers over shared memory and doorbells, from user space."""
    assert linux.run("rt-send echo hello, rt").strip() == "rt: hello, rt"
    assert "pong" in linux.run("rt-send ping")
    for number in range(20):
        assert linux.run(f"rt-send echo {number}").strip() == f"rt: {number}"


def test_deadlines_under_load(linux):
    """With both of Linux's CPUs and the memory busy, rt is never late."""
    periods, _, _ = linux.statistics()
    linux.run("load 4")
    later, missed, worst_us = linux.statistics()
    assert later - periods >= 4000 and missed == 0 and worst_us < 500, linux.machine.report()


def test_reboots(linux):
    """Linux reboots twenty times; rt goes on as if nothing were, and answers each new life."""
    periods, _, _ = linux.statistics()
    for number in range(1, REBOOTS + 1):
        linux.machine.send("reboot\n", LINUX)
        linux.wait_boot()
        assert linux.run(f"rt-send echo life {number}").strip() == f"rt: life {number}"
    later, missed, _ = linux.statistics()
    assert later > periods and missed == 0, linux.machine.report()


def test_power_off(linux):
    """Linux powers off; rt goes on. Last: the prompt is gone."""
    linux.machine.send("poweroff\n", LINUX)
    linux.machine.expect(r"\[bao\] linux halted")
    linux.machine.send("s")
    first = int(linux.machine.expect(r"\[rt\] rt: (\d+) periods.*missed 0\D").group(1))
    linux.machine.send("s")
    assert int(linux.machine.expect(r"\[rt\] rt: (\d+) periods.*missed 0\D").group(1)) >= first
    told = linux.machine.lines("[bao] ")
    assert told.count("linux restarted on CPU 0") == REBOOTS, linux.machine.report()
    assert [line for line in told if line.startswith("rt")] == ["rt started on CPU 2"]
