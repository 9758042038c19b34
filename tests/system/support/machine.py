# SPDX-License-Identifier: Apache-2.0
"""A QEMU machine under test: started, watched over its serial lines, always ended.

Limits are in wall-clock time and only say when to give up; what is asserted is text, counts and virtual
time, so that a slow or busy computer changes nothing.
"""

import re
import socket
import subprocess

import pexpect
from pexpect import fdpexpect

LIMIT_S = 120    # to give up waiting for something
TAIL_LINES = 40  # of each console, shown when a test fails

# Time in the guests is counted in instructions (8 ns each), so nothing depends on this computer's speed.
# All CPUs then take turns on one thread; a timer that does nothing but end a turn makes turns short, so
# that CPUs see each other's actions within `turn_us` of virtual time.
def virtual_time(turn_us=100):
    """Words for time counted in instructions."""
    return ["-icount", "shift=3,sleep=off",
            "-netdev", "hubport,hubid=0,id=turns-net",
            "-object", f"filter-buffer,id=turns,netdev=turns-net,interval={turn_us}"]


def serial_words(number, fd):
    """Words that connect a serial line to a file descriptor."""
    return ["-chardev", f"socket,id=console{number},fd={fd}", "-serial", f"chardev:console{number}"]


class Serial:
    """One serial line."""

    def __init__(self, number, log_path):
        self.number = number
        self.log_path = log_path
        self.socket, self.far = socket.socketpair()
        for end in (self.socket, self.far):
            # While a test waits for one console the others must not fill up and stop the machine.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.log = open(log_path, "w", encoding="utf-8", errors="replace")
        self.console = fdpexpect.fdspawn(self.socket, encoding="utf-8", codec_errors="replace",
                                         timeout=LIMIT_S, maxread=65536)
        self.console.logfile_read = self.log
        self.console.delaybeforesend = None

    def text(self):
        """Everything that came so far and was looked at."""
        self.log.flush()
        return self.log_path.read_text(encoding="utf-8", errors="replace").replace("\r", "")

    def close(self):
        """Takes in what is left and ends the connection. QEMU is gone."""
        try:
            self.console.expect(pexpect.EOF, timeout=5)
        except (pexpect.ExceptionPexpect, OSError):
            pass
        self.socket.close()
        self.log.close()


class Machine:
    """A running QEMU."""

    def __init__(self, words, folder, serials=1):
        self.serials = [Serial(i, folder / f"serial{i}") for i in range(serials)]
        for serial in self.serials:
            words = words + serial_words(serial.number, serial.far.fileno())
        self.words = words
        self.errors = folder / "qemu.err"
        with open(self.errors, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                            pass_fds=[s.far.fileno() for s in self.serials])
        for serial in self.serials:
            serial.far.close()

    def report(self):
        """The end of every console, for a failed test."""
        parts = ["$ " + " ".join(self.words), self.errors.read_text()]
        for serial in self.serials:
            tail = "\n".join(serial.text().splitlines()[-TAIL_LINES:])
            parts.append(f"---- serial {serial.number}, its last lines:\n{tail}")
        return "\n".join(parts)

    def fail(self, what):
        """Fails the test, with the consoles."""
        raise AssertionError(f"{what}\n{self.report()}")

    def expect(self, pattern, serial=0, limit=LIMIT_S):
        """Waits until a line matches a regular expression; answers the match."""
        try:
            self.serials[serial].console.expect(pattern, timeout=limit)
        except pexpect.TIMEOUT:
            self.fail(f"serial {serial} has not shown /{pattern}/ in {limit} s")
        except (pexpect.EOF, OSError):
            self.fail(f"QEMU ended and serial {serial} has not shown /{pattern}/")
        return self.serials[serial].console.match

    def expect_all(self, patterns, serial=0):
        """Waits until every one of some patterns has come, in whatever order."""
        left = list(patterns)
        while left:
            left.remove(self._first_of(left, serial))

    def _first_of(self, patterns, serial):
        match = self.expect("|".join(f"({pattern})" for pattern in patterns), serial)
        return next(pattern for pattern in patterns if re.search(pattern, match.group(0)))

    def send(self, text, serial=0):
        """Types."""
        self.serials[serial].console.send(text)

    def text(self, serial=0):
        """What a console has shown up to what was last expected."""
        return self.serials[serial].text()

    def lines(self, prefix="", serial=0):
        """The complete lines that begin with `prefix`, without it."""
        return [line[len(prefix):] for line in self.text(serial).splitlines() if line.startswith(prefix)]

    def wait_off(self, limit=LIMIT_S):
        """Waits until QEMU has ended by itself, successfully; then every console is complete."""
        try:
            for serial in self.serials:
                serial.console.expect(pexpect.EOF, timeout=limit)
            code = self.process.wait(timeout=limit)
        except OSError:
            code = self.process.wait(timeout=limit)
        except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
            self.fail(f"the machine has not been switched off in {limit} s")
        if code != 0:
            self.fail(f"QEMU ended with status {code}")

    def rests(self, seconds=1):
        """Asserts that QEMU runs and that nothing more comes: wall-clock time, in which a bug might show."""
        try:
            self.serials[0].console.expect(r"\S", timeout=seconds)
        except pexpect.TIMEOUT:
            assert self.goes_on()
            return
        except (pexpect.EOF, OSError):
            self.fail("QEMU ended")
        self.expect(".*")
        self.fail("more came than expected")

    def goes_on(self):
        """Whether QEMU runs."""
        return self.process.poll() is None

    def close(self):
        """Ends QEMU, this one alone."""
        if self.goes_on():
            self.process.kill()
        self.process.wait()
        for serial in self.serials:
            serial.close()


def replaced(words, changes):
    """Words with parts of some replaced: {"gic-version=3": "gic-version=2"}. A part must be there."""
    for old, new in changes.items():
        assert any(old in word for word in words), f"no '{old}' in {words}"
        words = [word.replace(old, new) for word in words]
    return words


def qemu_words(build, image=None, smp=None, changes=None, virtual=False):
    """The command for a build: its board's, without window and monitor.

    image    words that bring the image in; default: -kernel bao.elf
    smp      CPUs; default: as many as the plan needs
    changes  see replaced()
    virtual  True, or the length of a turn in microseconds: see virtual_time()
    """
    words = [word for word in build.qemu_words if word != "-nographic"]
    words = replaced(words, changes or {})
    words += ["-display", "none", "-monitor", "none", "-smp", str(smp or build.plan["cpus_needed"])]
    words += image or ["-kernel", str(build.elf)]
    if virtual:
        words += virtual_time(100 if virtual is True else virtual)
    return words


def without_escapes(text):
    """Text without a terminal's control sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
