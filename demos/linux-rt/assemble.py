#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the kernel and the initramfs of the demonstration from unpacked Debian packages.

The same input gives the same bytes: entries are sorted, times and owners are zero. Nothing needs root:
the archive, device node included, is written directly in the "newc" format of cpio
(Documentation/driver-api/early-userspace/buffer-format in the kernel's tree).
"""

import argparse
import gzip
import lzma
import pathlib
import stat
import sys

MODULES = ("uio", "uio_pci_generic")
DIRECTORIES = ("bin", "dev", "etc", "lib", "lib/modules", "proc", "run", "sys", "tmp")


def fail(message):
    sys.exit(f"error: {message}")


def find_one(root, pattern, what):
    """The one file below root that matches; packages name files by kernel version."""
    found = sorted(root.glob(pattern))
    if len(found) != 1:
        fail(f"{len(found)} files match {root}/{pattern}, where {what} should be; "
             f"remove {root} to fetch it again")
    return found[0]


def module_bytes(packages, name):
    path = find_one(packages, f"lib/modules/*/kernel/drivers/uio/{name}.ko*", f"module {name}")
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


class Archive:
    """A cpio archive in memory."""

    def __init__(self):
        self.entries = {}

    def add(self, name, mode, data=b"", device=(0, 0)):
        self.entries[name] = (mode, data, device)

    def file(self, name, data, executable=False):
        self.add(name, stat.S_IFREG | (0o755 if executable else 0o644), data)

    @staticmethod
    def record(number, name, mode, data, device):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        return header + bytes(-len(header) % 4) + data + bytes(-len(data) % 4)

    def pack(self):
        records = [self.record(number, name, *self.entries[name])
                   for number, name in enumerate(sorted(self.entries), start=1)]
        return b"".join(records) + self.record(0, "TRAILER!!!", 0, b"", (0, 0))


def build_initramfs(packages, files, program):
    archive = Archive()
    for name in DIRECTORIES:
        archive.add(name, stat.S_IFDIR | 0o755)
    archive.add("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))
    archive.file("bin/busybox", (packages / "bin/busybox").read_bytes(), executable=True)
    archive.file("bin/rt-send", program.read_bytes(), executable=True)
    archive.file("bin/load", (files / "load").read_bytes(), executable=True)
    archive.file("init", (files / "init").read_bytes(), executable=True)
    archive.file("etc/profile", (files / "profile").read_bytes())
    archive.file("etc/motd", (files / "motd").read_bytes())
    for name in MODULES:
        archive.file(f"lib/modules/{name}.ko", module_bytes(packages, name))
    return gzip.compress(archive.pack(), compresslevel=9, mtime=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--packages", "--files", "--program", "--kernel", "--initramfs"):
        parser.add_argument(option, required=True, type=pathlib.Path)
    arguments = parser.parse_args()

    kernel = find_one(arguments.packages, "boot/vmlinuz-*", "the kernel").read_bytes()
    if kernel[56:60] != b"ARM\x64":
        fail("the kernel is not an uncompressed arm64 Image")
    try:
        initramfs = build_initramfs(arguments.packages, arguments.files, arguments.program)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    arguments.kernel.write_bytes(kernel)
    arguments.initramfs.write_bytes(initramfs)


if __name__ == "__main__":
    main()
