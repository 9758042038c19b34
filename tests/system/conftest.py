# SPDX-License-Identifier: Apache-2.0
"""Fixtures for all scenarios: `build` makes a system, `qemu` runs it, `suite` runs one whose guest tests
itself. Which files run where, and that each failing test shows the consoles, is decided here too.
"""

import os
import pathlib
import subprocess
import sys
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support.building import ROOT, Builder  # noqa: E402
from support.machine import Machine, qemu_words  # noqa: E402
from support.report import Report  # noqa: E402

SUITE_LIMIT_S = 240


def pytest_configure(config):
    """One number for the whole run, which the worker processes inherit."""
    if not hasattr(config, "workerinput"):
        os.environ["BAO_TEST_RUN"] = uuid.uuid4().hex


def pytest_xdist_make_scheduler(config, log):
    """A file's tests in one process: most share a build and a machine."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session")
def build():
    """build(scenario, config=[...], cppflags="...", clang=False): a built system."""
    folder = pathlib.Path(os.environ.get("BAO_TEST_BUILD", ROOT / "build" / "tests" / "system"))
    return Builder(folder.resolve(), os.environ["BAO_TEST_RUN"])


class Machines:
    """Starts machines and ends them all."""

    def __init__(self, folders):
        self.folders = folders
        self.running = []

    def __call__(self, build, serials=1, extra=(), **options):
        """A running machine; options as for qemu_words()."""
        return self.start([*qemu_words(build, **options), *extra], serials)

    def start(self, words, serials=1):
        """A running machine from a complete command but for the serial lines."""
        folder = self.folders.mktemp("machine")
        machine = Machine(list(words), folder, serials)
        self.running.append(machine)
        return machine

    def close(self):
        """Ends them."""
        for machine in self.running:
            machine.close()


@pytest.fixture
def qemu(tmp_path_factory):
    """qemu(build, smp=..., changes={...}, ...): a running machine that ends with the test."""
    machines = Machines(tmp_path_factory)
    yield machines
    machines.close()


@pytest.fixture(scope="module")
def module_qemu(tmp_path_factory):
    """The same for machines that all tests of a file share."""
    machines = Machines(tmp_path_factory)
    yield machines
    machines.close()


@pytest.fixture(scope="module")
def run_suite(build, module_qemu):
    """run_suite(scenario, vm, ...): runs a system to its end and answers the Report of one VM."""
    def run(scenario, vm, virtual=False, **options):
        machine = module_qemu(build(scenario, **options), virtual=virtual)
        machine.wait_off(limit=SUITE_LIMIT_S)
        return Report(machine, vm)

    return run


@pytest.fixture(scope="session", autouse=True)
def can_run():
    """Says in one line what is missing instead of failing in every test."""
    try:
        subprocess.run(["qemu-system-aarch64", "--version"], check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        pytest.exit("qemu-system-aarch64 is not installed: run tools/setup", returncode=1)
