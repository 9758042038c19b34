# SPDX-License-Identifier: Apache-2.0
"""gdb on a machine under test: breaks the hypervisor in ways no guest can, without test code in it."""

import re
import subprocess
import tempfile

LIMIT_S = 60


class Debugger:
    """A machine that waits, stopped, for gdb."""

    def __init__(self, build):
        self.build = build
        # Not in the test's folder, whose path may be too long for a socket.
        self.folder = tempfile.TemporaryDirectory(prefix="bao-gdb-")
        self.socket = f"{self.folder.name}/socket"

    def words(self):
        """For QEMU."""
        # Not as a -chardev, which would listen before there is somebody to answer.
        return ["-S", "-gdb", f"unix:{self.socket},server=on,wait=off"]

    def run(self, machine, *commands):
        """Runs gdb commands from the machine's reset on, and lets the machine go on afterwards."""
        words = ["gdb-multiarch", "-batch", "-nx", "-ex", "set confirm off", "-ex", "set pagination off",
                 "-ex", f"target remote {self.socket}"]
        for command in [*commands, "detach"]:
            words += ["-ex", command]
        for _ in range(100):  # until QEMU listens
            try:
                done = subprocess.run([*words, str(self.build.elf)], stdin=subprocess.DEVNULL,
                                      text=True, timeout=LIMIT_S, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
            except subprocess.TimeoutExpired as error:
                machine.fail(f"gdb does not end; it printed:\n{(error.stdout or b'').decode()}")
            if f"{self.socket}: " not in done.stdout:
                break
        if not re.search(r"detached\]\s*$", done.stdout):
            machine.fail(f"gdb did not do its work:\n{done.stdout}")
        return done.stdout

    def close(self):
        """Removes the socket."""
        self.folder.cleanup()


class Symbols:
    """Functions of an ELF file by address."""

    def __init__(self, elf):
        from elftools.elf.elffile import ELFFile

        with open(elf, "rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            self.functions = sorted((symbol["st_value"], symbol["st_size"], symbol.name)
                                    for symbol in table.iter_symbols()
                                    if symbol["st_info"]["type"] == "STT_FUNC")
            self.values = {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}

    def function_at(self, address):
        """The name of the function that holds an address, or None."""
        for start, size, name in self.functions:
            if start <= address < start + size:
                return name
        return None
