# SPDX-License-Identifier: Apache-2.0
"""When the hypervisor itself fails: a report that names CPU, phase, registers and callers, then rest.

gdb makes it fail: at a breakpoint in the hypervisor it bends the program counter, the stack pointer or
an argument, or answers in the firmware's place.
"""

import re

import pytest

from support.debugger import Debugger, Symbols

CPUS = 4


@pytest.fixture(name="start")
def make_start(build, qemu):
    """start(clang=False): a stopped machine, its debugger, and its symbols."""
    debuggers = []

    def start(clang=False):
        image = build("boot", cppflags=f"-DVCPUS={CPUS}", clang=clang)
        debugger = Debugger(image)
        debuggers.append(debugger)
        return qemu(image, extra=debugger.words()), debugger, Symbols(image.elf)

    yield start
    for debugger in debuggers:
        debugger.close()


def expect_exception(machine):
    """The first line of the report, as a dictionary of numbers."""
    line = machine.expect(r"exception at EL2: (\w+), ESR (0x\w+), ELR (0x\w+), FAR (0x\w+), "
                          r"SPSR (0x\w+), SP (0x\w+)\s")
    names = ("ESR", "ELR", "FAR", "SPSR", "SP")
    return {"kind": line.group(1),
            **{name: int(line.group(n), 16) for n, name in enumerate(names, start=2)}}


def expect_end(machine, cpu, phase, what):
    """The report's last lines; then silence, on a machine that is still there to be looked at."""
    machine.expect(rf"panic on CPU {cpu}, phase {phase}: {what}")
    machine.expect(r"panic: all CPUs stop")
    machine.rests()
    assert machine.text().count("panic on CPU") == 1, machine.report()


def registers(machine):
    """x0 .. x30 and SP as printed."""
    rows = re.findall(r"\[bao\]   x(\d+): (0x\w+) (0x\w+) (0x\w+) (0x\w+)", machine.text())
    assert [int(row[0]) for row in rows[:8]] == list(range(0, 32, 4)), machine.report()
    return [int(value, 16) for row in rows[:8] for value in row[1:]]


def callers(machine, symbols):
    """The functions of the first backtrace in the report."""
    lines = machine.text().splitlines()
    first = next(n for n, line in enumerate(lines) if "called from" in line)
    found = []
    for line in lines[first:]:
        match = re.fullmatch(r"\[bao\]   called from (0x\w+)", line)
        if not match:
            break
        # A return address follows the call.
        found.append(symbols.function_at(int(match.group(1), 16) - 4))
    return found


@pytest.mark.parametrize("clang", [False, True], ids=["gcc", "clang"])
def test_jump_into_nothing(start, clang):
    """The program counter of a CPU that serves a guest goes astray."""
    machine, debugger, symbols = start(clang)
    debugger.run(machine, "hbreak psci_handle", "continue", "delete", "set $x20 = 0x123456789abc",
                 "set $pc = 0x600000")
    report = expect_exception(machine)
    expect_end(machine, 0, "running", "exception taken at EL2")
    assert report["kind"] == "synchronous" and report["ESR"] >> 26 == 0x21
    assert report["ELR"] == report["FAR"] == 0x600000
    values = registers(machine)
    assert values[20] == 0x123456789abc and values[31] == report["SP"], machine.report()
    stacks = symbols.values["hyp_stacks"], symbols.values["hyp_stacks_end"]
    assert stacks[0] < report["SP"] < stacks[1]


def test_callers(start):
    """The backtrace leads from where it happened to the exception's entry."""
    machine, debugger, symbols = start()
    # Back in its caller, in the middle of a function with a frame record.
    debugger.run(machine, "hbreak mmio_table_access", "continue", "delete", "finish",
                 "set $pc = 0x600000")
    expect_exception(machine)
    expect_end(machine, 0, "running", "exception taken at EL2")
    found = callers(machine, symbols)
    assert found[:2] == ["mmio_emulate", "data_abort"], machine.report()


def test_bad_pointer_while_loading(start):
    """A wild VM number while a VM is loaded: a data abort, with the address that was wanted."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak arch_vm_load", "continue", "delete", "set $x0 = 0x40000000")
    report = expect_exception(machine)
    assert report["ESR"] >> 26 == 0x25
    assert not 0x40000000 <= report["FAR"] < 0x80000000
    expect_end(machine, 0, "load", "exception taken at EL2")


def test_while_booting(start):
    """Before the console's normal start."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak irqchip_init", "continue", "delete", "set $pc = 0x600000")
    expect_exception(machine)
    expect_end(machine, 0, "(start|boot)", "exception taken at EL2")


def test_another_cpu(start):
    """A CPU other than the first, while it is brought up: the first one says no more either."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak stage2_cpu_init if $_thread == 3", "continue", "delete",
                 "set $pc = 0x600000")
    expect_exception(machine)
    expect_end(machine, 2, "boot", "exception taken at EL2")


def test_stack_overflow(start):
    """The stack's guard page: reported as what it is, on another stack."""
    machine, debugger, symbols = start()
    size = 4096 + 8192  # CONFIG_STACK_SIZE and its guard page
    bottom = symbols.values["hyp_stacks"] + 4096
    assert symbols.values["hyp_stacks_end"] - symbols.values["hyp_stacks"] == CPUS * size
    debugger.run(machine, "hbreak mmio_emulate", "continue", "delete", f"set $sp = {bottom + 16:#x}")
    report = expect_exception(machine)
    machine.expect("the address is at the stack pointer: stack overflow")
    expect_end(machine, 0, "running", "exception taken at EL2")
    assert bottom - 4096 <= report["FAR"] < bottom, machine.report()


def test_two_cpus_at_once(start):
    """Two CPUs fail at the same moment: one report, whole, and all stop."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak psci_handle", "continue", "delete",
                 # All CPUs are there, three of them idle: they fail when they are kicked.
                 "set $pc = 0x600000", "thread 2", "set $pc = 0x610000", "thread 3",
                 "set $pc = 0x620000", "thread 1")
    expect_exception(machine)
    machine.expect("panic: all CPUs stop")
    machine.rests()
    assert machine.text().count("exception at EL2") == 1, machine.report()


# ---- the firmware ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code, why", [
    (-2, "the firmware knows no such CPU"), (-4, "it is running already"),
    (-1, "the firmware has no PSCI CPU_ON"), (-6, "the firmware refuses to start it"),
    (0, "it was started and did not arrive within 1 s")])
def test_firmware_does_not_start_a_cpu(start, code, why):
    """Every answer of PSCI CPU_ON is told, and so is a CPU that does not come."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak firmware_cpu_on", "continue", "delete", f"set $x0 = {code}",
                 "set $pc = $lr")
    machine.expect(rf"error: CPU 1 \(hardware id 0x1\) of the {CPUS} CPUs planned for: {why}\s")
    machine.expect(r"error: a CPU is missing\s+\[bao\] error: .*: stopped\s")
    machine.rests()
    assert "started on" not in machine.text()


def test_firmware_does_not_power_off(start):
    """Firmware that returns from SYSTEM_OFF."""
    machine, debugger, _ = start()
    debugger.run(machine, "hbreak firmware_system_off", "continue", "delete", "set $pc = $lr")
    machine.expect("error: the firmware can't switch the machine off")
    machine.rests()
