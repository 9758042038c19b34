# SPDX-License-Identifier: Apache-2.0
"""Guests that do what they may not: each policy's outcome, and a peer that goes on.

The VMs are `inject`, `halt` and `restart`, after their policies (tests/guests/offender.c), and `peer`.
Time is counted in instructions, so that the peer's deadlines mean something.
"""

import re

import pytest

ESCAPE = "\x1d"
VMS = {"inject": 0, "halt": 1, "restart": 2}

# Key: exception class and fault status as the guest sees them, write, FAR (None: not defined), and what
# the hypervisor calls it. Classes: 0x25 data abort, 0x21 instruction abort, 0 undefined instruction;
# status 0x10: synchronous external abort (DDI 0487, ESR_EL1).
DEEDS = {
    "r": (0x25, 0x10, 0, 0x5ff00000, "data access"),         # an address with nothing there
    "w": (0x25, 0x10, 1, 0x5ff00008, "data access"),         # ... written
    "p": (0x25, 0x10, 0, 0x60001000, "data access"),         # the peer's memory
    "d": (0x25, 0x10, 1, 0x09010008, "data access"),         # the peer's device
    "h": (0x25, 0x10, 1, 0x40200040, "data access"),         # the hypervisor's memory
    "l": (0x25, 0x10, 0, 0x08000000, "data access"),         # an emulated device, by a pair of registers
    "e": (0x25, 0x10, 0, 0x08000000, "data access"),         # ... by a width it has not
    "f": (0x21, 0x10, 0, 0x5ff00040, "instruction fetch"),   # from nothing
    "j": (0x21, 0x10, 0, 0x40200000, "instruction fetch"),   # from the hypervisor
    "s": (0x21, 0x10, 0, 0x70000800, "instruction fetch"),   # from shared memory
    "t": (0x00, 0x00, 0, None, "undefined access"),          # a timer that is not its own
    "i": (0x00, 0x00, 0, None, "undefined access"),          # an implementation-defined register
}


@pytest.fixture(name="system")
def start_system(build, qemu):
    """The running system, its guests ready."""
    machine = qemu(build("faults"), virtual=True)
    machine.expect_all([rf"\[{vm}\] starts" for vm in VMS] + [r"\[peer\] peer starts"])
    return machine


def press(machine, vm, keys):
    """Gives a VM the focus, and types."""
    machine.send(f"{ESCAPE}{VMS[vm]}")
    machine.expect(rf"\[bao\] input goes to {vm}")
    machine.send(keys)


def peer_report(machine):
    """The numbers of the peer's next report."""
    match = machine.expect(r"\[peer\] ticks (\d+), late (\d+), rounds (\d+), damaged (\d+)\s")
    return [int(group) for group in match.groups()]


def check_peer_goes_on(machine):
    """The peer's timer and program go on; no deadline was missed and no memory changed."""
    first = peer_report(machine)
    second = peer_report(machine)
    third = peer_report(machine)
    assert first[0] < second[0] < third[0] and first[2] < second[2] < third[2], machine.report()
    assert third[1] == 0, "the peer missed deadlines\n" + machine.report()
    assert third[3] == 0, "the peer's memory was changed\n" + machine.report()


def check_line(machine, vm, vcpu, key, outcome):
    """The hypervisor's one line about a fault."""
    _, _, _, far, kind = DEEDS[key]
    address = 0 if far is None else far
    lines = [line for line in machine.lines("[bao] warning: ") if line.startswith(f"{vm} vCPU")]
    assert len(lines) == 1, machine.report()
    assert re.fullmatch(rf"{vm} vCPU {vcpu}: {kind} fault at 0x{address:x}, pc 0x[0-9a-f]+, "
                        rf"syndrome 0x[0-9a-f]+: {outcome}", lines[0]), machine.report()


def expect_abort(machine, vcpu, key):
    """The guest's own handler has been entered, with the right syndrome, and has returned."""
    cls, status, write, far, _ = DEEDS[key]
    got = machine.expect(rf"\[inject\] vcpu (\d+): class 0x([0-9a-f]+), status 0x([0-9a-f]+), "
                         r"write (\d+), far 0x([0-9a-f]+), pc 0x([0-9a-f]+)\s")
    numbers = [int(got.group(1)), *(int(got.group(n), 16) for n in range(2, 7))]
    assert numbers[:4] == [vcpu, cls, status, write], machine.report()
    if far is not None:
        assert numbers[4] == far, machine.report()
    if cls == 0x21:
        assert numbers[5] == far, machine.report()
    machine.expect(rf"\[inject\] done {key}")


def test_inject_every_fault(system):
    """inject: the guest's handler runs, every time; it is told of once."""
    for key in DEEDS:
        press(system, "inject", key)
        expect_abort(system, 0, key)
    check_line(system, "inject", 0, "r", "injected")
    check_peer_goes_on(system)


def test_inject_into_the_vcpu_that_did_it(system):
    """inject: it is the second vCPU's handler that runs when the second vCPU did it."""
    press(system, "inject", "P")
    expect_abort(system, 1, "p")
    check_line(system, "inject", 1, "p", "injected")
    press(system, "inject", "q")
    system.expect(r"\[bao\] inject halted")
    check_peer_goes_on(system)


def test_undefined_without_us(system):
    """A register of the hypervisor's level is undefined by the architecture alone: nothing to tell."""
    press(system, "inject", "v")
    got = system.expect(r"\[inject\] vcpu 0: class 0x([0-9a-f]+),")
    assert int(got.group(1), 16) == 0
    system.expect(r"\[inject\] done v")
    check_peer_goes_on(system)
    assert not system.lines("[bao] warning: ")


@pytest.mark.parametrize("key", ["r", "d", "h", "s", "t", "P"])
def test_halt(system, key):
    """halt: both vCPUs stop, it is told of once, the others go on."""
    press(system, "halt", key)
    vcpu, key = (1, key.lower()) if key.isupper() else (0, key)
    system.expect_all([r"\[bao\] halt halted", r"\[bao\] warning: halt vCPU"])
    check_peer_goes_on(system)
    check_line(system, "halt", vcpu, key, "halting the VM")
    text = system.text()
    assert f"[halt] does {key}" in text and f"[halt] done {key}" not in text, system.report()
    # Its last line may still be on its way when the hypervisor's is shown; no other may follow.
    after = text[text.index("[bao] halt halted"):].replace(f"[halt] does {key}", "")
    assert "[halt]" not in after, system.report()
    press(system, "inject", "r")
    expect_abort(system, 0, "r")


def test_restart(system):
    """restart: the VM begins again with its image as built, whichever vCPU did it, however often."""
    for key in ["w", "P", "h", "f", "t", "D", "s"]:
        press(system, "restart", key)
        life = system.expect(r"\[restart\] starts, pristine (\d)")
        assert life.group(1) == "1", system.report()
        system.expect(r"\[restart\] beat 1\s")
        assert f"[restart] done {key.lower()}" not in system.text(), system.report()
    check_peer_goes_on(system)
    assert system.text().count("[bao] restart restarted on CPU") == 7, system.report()
    warnings = [line for line in system.lines("[bao] warning: ") if line.startswith("restart vCPU")]
    assert len(warnings) == 7 and all(line.endswith(": restarting the VM") for line in warnings)
