# SPDX-License-Identifier: Apache-2.0
"""tools/run.py, which `make run` calls, without a terminal: consoles line by line with their names."""

import subprocess

from support.building import ROOT

HELLO = "demos/hello/config.c"
LIMIT_S = 120


def run(build, *options):
    """run.py on a build, to its end."""
    words = ["/usr/bin/python3", ROOT / "tools" / "run.py", "--build", build.folder, *options, "--",
             *build.qemu_words]
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S)


def test_to_the_end(build):
    """Every line with its console's name; how to leave is said; the exit status is QEMU's."""
    done = run(build(HELLO))
    assert done.returncode == 0, done.stdout
    assert "leave with" in done.stdout.splitlines()[0], done.stdout
    shown = [line.split(None, 1) for line in done.stdout.splitlines()[1:]]
    assert all(words[0] == "[bao]" for words in shown), done.stdout
    assert [words[1] for words in shown if words[1].startswith("[hello]")] == \
        ["[hello] hello from EL1", "[hello] 1 s", "[hello] 2 s", "[hello] 3 s"], done.stdout


def test_raw_image(build):
    """The raw image starts as well."""
    done = run(build(HELLO), "--bin")
    assert done.returncode == 0 and "[hello] 3 s" in done.stdout, done.stdout


def test_timeout(build):
    """It ends QEMU when asked to, and says so."""
    done = run(build(HELLO, config=["CONFIG_SYSTEM_OFF_WHEN_IDLE=n"]), "--timeout", "8")
    assert done.returncode == 124 and "ended after 8 s" in done.stdout, done.stdout


def test_no_build(build, tmp_path):
    """One line when there is nothing to run."""
    words = ["/usr/bin/python3", ROOT / "tools" / "run.py", "--build", tmp_path, "--",
             *build(HELLO).qemu_words]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S)
    assert done.returncode != 0 and len(done.stdout.splitlines()) == 1, done.stdout
    assert done.stdout.startswith("error:") and "build first, with make" in done.stdout
