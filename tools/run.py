#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the built system in QEMU and shows every console.

    run.py --build DIR [options] -- qemu-system-... words

The words after -- are the board's QEMU command; this adds -smp (as many CPUs as the plan uses), the
image, the consoles and the time base. The first serial port is the hypervisor's console "bao",
which also carries the virtual UARTs. If a VM has been given the board's second UART, the second
serial port is its console, under its name.

On a terminal that has tmux, every console gets a pane. Otherwise lines are printed with the
console's name before them, and what is typed goes to one console. The exit code is QEMU's; 124
after --timeout.
"""

import argparse
import json
import os
import pathlib
import re
import selectors
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import tty

MINIMUM_QEMU = (9, 0)
EXIT_TIMEOUT = 124
SECOND_UART = "uart1"
PROMPT_SECONDS = 0.3  # a line without end is shown after this long: it is a prompt

# Emulated time, --time virtual. One CPU at a time runs, 8 ns of virtual time per instruction, and
# idle time is skipped: nothing the host does can make an interrupt late. CPUs take turns when a
# timer of the machine is due, so a timer every SLICE_US bounds how long one CPU waits for the others:
# (CPUs - 1) x SLICE_US. A filter on a network port that nobody uses is such a timer. rt's own
# statistics show the difference to --time host.
SLICE_US = 50
VIRTUAL_TIME = [
    "-icount", "shift=3,sleep=off",
    "-netdev", "hubport,hubid=0,id=slice",
    "-object", f"filter-buffer,id=slices,netdev=slice,interval={SLICE_US}",
]
# What QEMU says of the above, and of the console sockets.
EXPECTED_WARNING = re.compile(
    r"warning: (hub port|netdev) slice has no peer|QEMU waiting for connection")


class Failure(Exception):
    """What went wrong and how to mend it, in one line."""


def parse_arguments(words):
    parser = argparse.ArgumentParser(
        prog="run.py", usage="%(prog)s --build DIR [options] -- qemu-system-... words",
        description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, help="build folder")
    parser.add_argument("--bin", action="store_true", help="start bao.bin rather than bao.elf")
    parser.add_argument("--debug", action="store_true", help="wait for gdb, and start it")
    parser.add_argument("--headless", action="store_true", help="no input, no tmux")
    parser.add_argument("--plain", action="store_true", help="no tmux")
    parser.add_argument("--input", metavar="NAME", help="console that gets what is typed")
    parser.add_argument("--timeout", type=float, metavar="S", help="end QEMU after S seconds")
    parser.add_argument("--time", choices=("virtual", "host"), default="virtual",
                        help="virtual (default): emulated time, independent of the host's load; "
                             "host: real time, CPUs in parallel, with the host's jitter")
    parser.add_argument("--pane", nargs=2, metavar=("NAME", "SOCKET"), help=argparse.SUPPRESS)
    parser.add_argument("qemu", nargs="*", metavar="qemu-word")
    arguments = parser.parse_args(words)
    if not arguments.pane and (not arguments.build or not arguments.qemu):
        parser.error("give --build DIR, and the QEMU command after --")
    return arguments


def check_qemu(program):
    if shutil.which(program) is None:
        raise Failure(f"{program} is not installed: run tools/setup, which installs it")
    text = subprocess.run([program, "--version"], capture_output=True, text=True,
                          check=False).stdout
    match = re.search(r"version (\d+)\.(\d+)", text)
    version = tuple(int(part) for part in match.groups()) if match else None
    if version is None or version < MINIMUM_QEMU:
        found = ".".join(map(str, version)) if version else "of an unknown version"
        wanted = ".".join(map(str, MINIMUM_QEMU))
        raise Failure(f"{program} is {found}, but {wanted} is needed: run tools/setup")


def read_plan(build):
    path = build / "plan" / "plan.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(f"cannot read {path} ({error}): build first, with make") from error


def console_names(plan):
    """One name per serial port of the machine."""
    names = ["bao"]
    for machine in plan["vms"]:
        if SECOND_UART in machine.get("devices", []):
            names.append(machine["name"])
    return names


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """The QEMU process and the sockets of its serial ports."""

    def __init__(self, arguments, plan, folder):
        self.names = console_names(plan)
        self.paths = {name: str(folder / name) for name in self.names}
        self.image = arguments.build / ("bao.bin" if arguments.bin else "bao.elf")
        self.symbols = arguments.build / "bao.elf"
        self.port = free_port() if arguments.debug else None
        self.errors = folder / "errors"
        self.command = self._command(arguments, plan)
        self.process = None
        if not self.image.exists():
            raise Failure(f"{self.image} does not exist: build first, with make")

    def _command(self, arguments, plan):
        command = [*arguments.qemu, "-smp", str(plan["cpus_needed"]), "-kernel", str(self.image),
                   "-monitor", "none"]
        for number, name in enumerate(self.names):
            socket_words = f"socket,id=console{number},path={self.paths[name]},server=on,wait=on"
            command += ["-chardev", socket_words, "-serial", f"chardev:console{number}"]
        if arguments.time == "virtual":
            command += VIRTUAL_TIME
        if self.port:
            command += ["-S", "-gdb", f"tcp:127.0.0.1:{self.port}"]
        return command

    def start(self):
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=errors,
                                            stderr=errors, start_new_session=True)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def complaints(self):
        """What QEMU said, without what is known to be harmless."""
        text = self.errors.read_text(encoding="utf-8", errors="replace")
        lines = [line for line in text.splitlines()
                 if not EXPECTED_WARNING.search(line) and "terminating on signal" not in line]
        return "\n".join(lines)


def connect(path, alive):
    """QEMU makes the socket and then waits for us; `alive` answers False if it won't any more."""
    for _ in range(1000):
        link = socket.socket(socket.AF_UNIX)
        try:
            link.connect(path)
            return link
        except OSError:
            link.close()
            if not alive():
                break
            time.sleep(0.01)
    raise Failure("QEMU did not start")


# ---- plain output --------------------------------------------------------------------------------

ESCAPE_SEQUENCE = re.compile(rb"\x1b\[[0-9;?]*[@-~]")


class LineView:
    """Prints a console's output line by line, with its name."""

    def __init__(self, name, width, out):
        self.prefix = f"[{name}]".ljust(width + 2)
        self.out = out
        self.partial = b""
        self.since = 0.0

    def _print(self, line):
        text = ESCAPE_SEQUENCE.sub(b"", line).replace(b"\r", b"").decode("utf-8", "replace")
        self.out.write(f"{self.prefix} {text}\n")
        self.out.flush()

    def add(self, data):
        *lines, self.partial = (self.partial + data).split(b"\n")
        for line in lines:
            self._print(line)
        self.since = time.monotonic()

    def show_prompt(self, age=PROMPT_SECONDS):
        if ESCAPE_SEQUENCE.sub(b"", self.partial).strip(b"\r") and time.monotonic() - self.since >= age:
            self._print(self.partial)
            self.partial = b""


class PlainRun:
    """All consoles on standard output."""

    def __init__(self, machine, links, arguments):
        self.machine = machine
        self.links = links
        self.deadline = time.monotonic() + arguments.timeout if arguments.timeout else None
        self.input = None if arguments.headless else (arguments.input or machine.names[-1])
        width = max(map(len, machine.names))
        self.views = {name: LineView(name, width, sys.stdout) for name in machine.names}
        self.selector = selectors.DefaultSelector()
        for name, link in links.items():
            self.selector.register(link, selectors.EVENT_READ, name)
        if self.input is not None:
            self._register_input()

    def _register_input(self):
        try:
            self.selector.register(sys.stdin, selectors.EVENT_READ, None)
        except (PermissionError, ValueError):
            self.input = None  # a file or a closed descriptor: nothing will be typed

    def announce(self):
        typed = f"what you type goes to [{self.input}]; " if self.input else ""
        print(f"run.py: {typed}leave with Ctrl-C", flush=True)

    def _forward_input(self):
        data = os.read(sys.stdin.fileno(), 4096)
        if data:
            # A serial console expects the carriage return that the Enter key sends.
            self.links[self.input].sendall(data.replace(b"\n", b"\r"))
        else:
            self.selector.unregister(sys.stdin)

    def _read_console(self, name):
        link = self.links[name]
        try:
            data = link.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            self.views[name].add(data)
        else:
            self.selector.unregister(link)
            self.links.pop(name)

    def run(self):
        """Returns when the machine is off or the time is up; False in the latter case."""
        while self.links:
            for key, _ in self.selector.select(0.1):
                if key.data is None:
                    self._forward_input()
                else:
                    self._read_console(key.data)
            for view in self.views.values():
                view.show_prompt()
            if self.deadline and time.monotonic() >= self.deadline:
                return False
        for view in self.views.values():
            view.show_prompt(0)
        return True


def run_plain(machine, arguments):
    if arguments.input and arguments.input not in machine.names:
        raise Failure(f"there is no console {arguments.input}; there are: " + ", ".join(machine.names))
    machine.start()
    links = {name: connect(path, lambda: machine.process.poll() is None)
             for name, path in machine.paths.items()}
    run = PlainRun(machine, links, arguments)
    run.announce()
    if not run.run():
        print(f"run.py: ended after {arguments.timeout:g} s", flush=True)
        return EXIT_TIMEOUT
    return machine.process.wait()


# ---- panes ---------------------------------------------------------------------------------------

def relay(link, keyboard):
    """Copies between a console and the terminal until the machine is off."""
    selector = selectors.DefaultSelector()
    selector.register(link, selectors.EVENT_READ)
    selector.register(keyboard, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is link:
                data = link.recv(65536)
                if not data:
                    return
                os.write(sys.stdout.fileno(), data)
            else:
                link.sendall(os.read(keyboard, 4096))


def run_pane(name, path):
    """What runs in a pane: a terminal for one console."""
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setraw(keyboard)
    try:
        try:
            relay(connect(path, lambda: True), keyboard)
        except ConnectionError:
            pass
        os.write(sys.stdout.fileno(), f"\r\n({name}: the machine is off; Enter leaves)".encode())
        while os.read(keyboard, 1) not in (b"\r", b"\n", b""):
            pass
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
    return 0


class Tmux:
    """A tmux server of our own: its socket and options have nothing to do with the user's."""

    HELP = " click or Ctrl-b o: next pane | Ctrl-b x: leave | Ctrl-b [: scroll, q ends "

    def __init__(self, folder):
        self.base = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self.started = False

    def call(self, *words):
        subprocess.run([*self.base, *words], check=True, stdout=subprocess.DEVNULL)

    def add_pane(self, title, command):
        line = shlex.join(command)
        if self.started:
            self.call("split-window", "-h", line)
        else:
            size = shutil.get_terminal_size()
            self.call("new-session", "-d", "-s", "bao", "-x", str(size.columns), "-y",
                      str(size.lines), line)
            self.started = True
            self._set_options()
        self.call("select-pane", "-T", title)
        # The option keeps the name should a program in the pane set a title.
        self.call("set-option", "-p", "@name", title)

    def _set_options(self):
        for option, value in (("mouse", "on"), ("status-left", " Bao "), ("status-right", self.HELP),
                              ("status-right-length", "90"), ("pane-border-status", "top"),
                              ("pane-border-format", " #{@name} "), ("history-limit", "20000"),
                              ("window-status-format", ""), ("window-status-current-format", "")):
            self.call("set-option", "-g", option, value)
        self.call("bind-key", "x", "kill-server")
        # One pane ending, by Enter after the machine went off or by leaving gdb, ends all.
        self.call("set-hook", "-g", "pane-exited", "kill-server")

    def attach(self, first):
        self.call("select-layout", "even-horizontal" if first < 2 else "tiled")
        self.call("select-pane", "-t", f"bao:.{first}")
        environment = {name: value for name, value in os.environ.items() if name != "TMUX"}
        subprocess.run([*self.base, "attach", "-t", "bao"], check=False, env=environment)

    def end(self):
        subprocess.run([*self.base, "kill-server"], check=False, stderr=subprocess.DEVNULL)


def gdb_command(machine):
    root = pathlib.Path(__file__).resolve().parent.parent
    build = machine.symbols.resolve().parent
    # The build names files as if the tree were /bao, so that its bytes are the same everywhere.
    return ["gdb-multiarch", "-q", str(machine.symbols), "-ex", "set confirm off",
            "-ex", f"set substitute-path /bao/build {build}",
            "-ex", f"set substitute-path /bao {root}",
            "-ex", f"target remote 127.0.0.1:{machine.port}"]


def run_in_panes(machine, arguments, folder):
    tmux = Tmux(folder)
    machine.start()
    try:
        # In the order of the serial ports: QEMU waits for each in turn.
        for name in machine.names:
            tmux.add_pane(name, [sys.executable, __file__, "--pane", name, machine.paths[name]])
        if arguments.debug:
            wait_for_port(machine)
            tmux.add_pane("gdb", gdb_command(machine))
        tmux.attach(len(machine.names) if arguments.debug else len(machine.names) - 1)
    finally:
        tmux.end()
    code = machine.process.poll()
    return 0 if code is None else code  # still running: the user left, which is no failure


# ---- gdb in the terminal -------------------------------------------------------------------------

def wait_for_port(machine):
    for _ in range(500):
        if machine.process.poll() is not None:
            break
        with socket.socket() as probe:
            # Bound, but not connected to: gdb is to be the only one that QEMU ever sees.
            try:
                probe.bind(("127.0.0.1", machine.port))
            except OSError:
                return
        time.sleep(0.02)
    raise Failure("QEMU did not open its port for gdb")


def run_gdb(machine, arguments):
    """gdb has the terminal; console output goes to files beside the image."""
    machine.start()
    loggers = []
    try:
        for name in machine.names:
            log = arguments.build / f"console-{name}.log"
            link = connect(machine.paths[name], lambda: machine.process.poll() is None)
            with open(log, "wb") as file:
                loggers.append(subprocess.Popen(
                    [sys.executable, "-c", "import shutil, sys; shutil.copyfileobj("
                     "sys.stdin.buffer.raw, sys.stdout.buffer.raw)"],
                    stdin=link, stdout=file, start_new_session=True))
            link.close()
            print(f"run.py: output of {name} goes to {log}")
        wait_for_port(machine)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is gdb's: it stops the machine
        return subprocess.run(gdb_command(machine), check=False).returncode
    finally:
        machine.end()
        for logger in loggers:
            logger.wait()


def use_panes(arguments):
    return (not arguments.headless and not arguments.plain and arguments.timeout is None
            and sys.stdin.isatty() and sys.stdout.isatty() and shutil.which("tmux") is not None)


def run(arguments):
    check_qemu(arguments.qemu[0])
    if arguments.debug and shutil.which("gdb-multiarch") is None:
        raise Failure("gdb-multiarch is not installed: apt-get install gdb-multiarch")
    plan = read_plan(arguments.build)
    with tempfile.TemporaryDirectory(prefix="bao-run-") as name:
        folder = pathlib.Path(name)
        machine = Machine(arguments, plan, folder)
        try:
            if use_panes(arguments):
                return run_in_panes(machine, arguments, folder)
            if arguments.debug:
                return run_gdb(machine, arguments)
            return run_plain(machine, arguments)
        finally:
            if machine.process is not None:
                machine.end()
                complaints = machine.complaints()
                if complaints:
                    print(complaints, file=sys.stderr)


def end_on_signal(_number, _frame):
    raise KeyboardInterrupt


def main():
    arguments = parse_arguments(sys.argv[1:])
    signal.signal(signal.SIGTERM, end_on_signal)
    signal.signal(signal.SIGHUP, end_on_signal)
    try:
        if arguments.pane:
            return run_pane(*arguments.pane)
        code = run(arguments)
        return code if code >= 0 else 128 - code
    except KeyboardInterrupt:
        return 130
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
