# SPDX-License-Identifier: Apache-2.0
"""Builds of systems under test, through `make` as a user would call it.

Build folders stay: the next run only builds what changed. Within one run a folder is built once, however
many tests, in whatever worker process, ask for it; others wait for it at a lock.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCENARIOS = ROOT / "tests" / "system"
BOARD = "qemu-aarch64-virt"
LIMIT_S = 600  # the first build of a system with Linux fetches packages


class BuildError(AssertionError):
    """`make` failed. `output` is what it printed."""

    def __init__(self, words, output):
        # Without Ninja's progress, of which only the step that failed is news.
        self.output = re.sub(r"^\[\d+/\d+\] .*\n", "", output, flags=re.M)
        super().__init__(f"$ {' '.join(words)}\n{self.output}")


def clean_environment():
    """The environment without what a calling make hands down: its O, SYSTEM and V are not ours."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "O", "SYSTEM",
                            "SYSTEM_CPPFLAGS", "EXTRA_CONFIG", "V")}


def make(*arguments, root=ROOT):
    """Runs make in a source tree; answers what it printed, or raises BuildError."""
    words = ["make", *map(str, arguments)]
    done = subprocess.run(words, cwd=root, env=clean_environment(), text=True, timeout=LIMIT_S,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise BuildError(words, done.stdout)
    return done.stdout


@contextlib.contextmanager
def locked(path):
    """Holds an exclusive lock on a file next to what it guards, across processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Build:
    """A built system."""

    def __init__(self, folder):
        self.folder = folder
        self.elf = folder / "bao.elf"
        self.bin = folder / "bao.bin"

    @property
    def plan(self):
        """plan.json."""
        return json.loads((self.folder / "plan" / "plan.json").read_text())

    @property
    def qemu_words(self):
        """How the board is run, from its board.cmake."""
        return (self.folder / "qemu_command").read_text().split()


class Builder:
    """Makes builds below `folder`; `run` identifies this run of the tests."""

    def __init__(self, folder, run):
        self.folder = folder
        self.run = run

    def __call__(self, system, config=(), cppflags="", clang=False):
        """Builds a system: a scenario's name, or a path in the source tree to a configuration.

        config    lines of a configuration file over the board's, e.g. ["CONFIG_LOG_DEBUG=y"]
        cppflags  for the system configuration
        clang     with Clang instead of GCC
        """
        path = SCENARIOS / system / "config.c"
        if not path.is_file():
            path = ROOT / system
        lines = list(config) + (["CONFIG_TOOLCHAIN_CLANG=y"] if clang else [])
        folder = self.folder / self._name(system, lines, cppflags)
        with locked(folder.with_suffix(".lock")):
            result = folder.with_suffix(".result")
            if not result.exists() or result.read_text().split("\n", 1)[0] != self.run:
                result.write_text(f"{self.run}\n{self._make(folder, path, lines, cppflags)}")
            output = result.read_text().split("\n", 1)[1]
        if output:
            raise BuildError(["make", f"O={folder}"], output)
        return Build(folder)

    @staticmethod
    def _name(system, lines, cppflags):
        """One folder per set of options, named so that a person finds it.

        In small letters: images' paths are unquoted in configurations, where a macro would be replaced.
        """
        text = "-".join([system, *lines, cppflags]).replace("CONFIG_", "").replace("-D", "-")
        text = re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")
        if len(text) > 60:
            text = f"{text[:50]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        return text

    @staticmethod
    def _make(folder, path, lines, cppflags):
        """Configures and builds. Answers "", or the output of what failed."""
        fragment = folder.with_suffix(".config")
        text = "# SPDX-License-Identifier: Apache-2.0\n" + "".join(f"{line}\n" for line in lines)
        try:
            if not fragment.exists() or fragment.read_text() != text or \
                    not (folder / "build.ninja").exists():
                fragment.write_text(text)
                make(f"O={folder}", f"{BOARD}_defconfig", f"EXTRA_CONFIG={fragment}")
            make(f"O={folder}", f"SYSTEM={path}", f"SYSTEM_CPPFLAGS={cppflags}")
        except BuildError as error:
            return str(error)
        return ""
