# SPDX-License-Identifier: Apache-2.0
"""How the build behaves: what it refuses and says, what it rebuilds, and that its bytes are always the
same. Everything through `make`, in folders of this test's own.
"""

import os
import re
import shutil
import subprocess

import pytest
from support.building import BOARD, ROOT, BuildError, make

SMALL = ROOT / "demos" / "hello"
CONFIGURATION = """\
#include <config.h>

VM_IMAGE(hello, XSTR(IMAGE))

struct config config = {
	VMS({
		.name = "hello",
		.image = VM_IMAGE_BUILTIN(hello, 0x40200000),
		.entry = 0x40200000,
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = 0x40200000, .size = SIZE }),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}),
};
"""


class Project:
    """A system configuration and an image of its own, in a build folder of its own."""

    def __init__(self, folder):
        self.folder = folder / "out"
        self.config = folder / "config.c"
        self.image = folder / "image.bin"
        self.defconfig = folder / "options.config"
        self.config.write_text(CONFIGURATION)
        self.image.write_bytes(b"\x14\0\0\0" * 1024)
        self.defconfig.write_text("CONFIG_STACK_SIZE=8192\n")

    def flags(self):
        """The command line's definitions for the configuration."""
        return f"SYSTEM_CPPFLAGS=-DIMAGE={self.image} -DSIZE=0x100000"

    def configure(self):
        """make <board>_defconfig with the options."""
        return make(f"O={self.folder}", f"{BOARD}_defconfig", f"EXTRA_CONFIG={self.defconfig}")

    def build(self):
        """make, with each command shown."""
        return make(f"O={self.folder}", f"SYSTEM={self.config}", self.flags(), "V=1")

    def refusal(self, action):
        """What an action that must fail says: its lines that begin with a place or `error:`."""
        with pytest.raises(BuildError) as caught:
            action()
        return caught.value.output


@pytest.fixture
def project(tmp_path):
    """A configured project."""
    made = Project(tmp_path)
    made.configure()
    return made


@pytest.mark.parametrize("line, message", [
    ("CONFIG_STACK_SIZ=8192", "STACK_SIZ"),            # misspelt
    ("CONFIG_STACK_SIZE=100000000", "STACK_SIZE"),     # out of range
    ("CONFIG_STACK_SIZE=big", "STACK_SIZE"),           # not a number
    ("CONFIG_GICV2=y", "GICV2"),                       # there is no such thing
    ("CONFIG_ARCH_ARM=n", "ARCH_ARM"),                 # not for a user to choose: takes no effect
])
def test_wrong_assignment(tmp_path, line, message):
    """It fails, and names file and line."""
    project = Project(tmp_path)
    project.defconfig.write_text(f"# first line\n{line}\n")
    output = project.refusal(project.configure)
    assert re.search(rf"{re.escape(str(project.defconfig))}:2: .*{message}", output), output


def compiled(output):
    """Source files that a build has compiled."""
    return re.findall(r"-c (\S+\.[cS])\b", output)


def test_nothing_to_do(project):
    """A second make compiles nothing and links nothing."""
    assert any("/core/" in name for name in compiled(project.build()))
    before = (project.folder / "bao.bin").stat().st_mtime_ns
    assert compiled(project.build()) == []
    assert (project.folder / "bao.bin").stat().st_mtime_ns == before


def test_changed_image(project):
    """A new image is taken in; nothing of the hypervisor is compiled for it."""
    project.build()
    before = (project.folder / "bao.bin").read_bytes()
    project.image.write_bytes(b"\x15\0\0\0" * 1024)
    output = project.build()
    assert (project.folder / "bao.bin").read_bytes() != before
    assert not [name for name in compiled(output) if "/core/" in name], output


def test_changed_system(project):
    """A changed system configuration is planned again."""
    project.build()
    project.config.write_text(CONFIGURATION.replace("SIZE }", "2 * SIZE }"))
    project.build()
    assert "0x200000" in (project.folder / "plan" / "plan.c").read_text()


def test_changed_options(project):
    """A changed defconfig takes effect by itself."""
    project.build()
    project.defconfig.write_text("CONFIG_STACK_SIZE=16384\n")
    project.build()
    assert "CONFIG_STACK_SIZE=16384" in (project.folder / ".config").read_text()


@pytest.mark.parametrize("damage, message", [
    (lambda project: project.image.unlink(), "no such file|does not exist|No such file"),
    (lambda project: project.image.write_bytes(b""), "empty"),
    (lambda project: project.config.write_text(CONFIGURATION.replace("0x40200000),", "0x50000000),")),
     r"\[image-outside-region\]"),
    (lambda project: project.config.write_text(
        CONFIGURATION.replace(".platform =", '.dtb = { .file = "image.bin" }, .platform =')),
     r"hello: dtb: .*\[dtb-"),
])
def test_refused_input(project, damage, message):
    """One line for each thing that is wrong, from the planner to the user."""
    damage(project)
    output = project.refusal(project.build)
    errors = [line for line in output.splitlines() if line.startswith("error:")]
    assert errors and any(re.search(message, line) for line in errors), output
    assert not (project.folder / "bao.bin").exists()


def test_savedefconfig(project):
    """It always has the board's line."""
    make(f"O={project.folder}", "savedefconfig")
    saved = (project.folder / "defconfig").read_text()
    assert f"CONFIG_BOARD_{BOARD.upper().replace('-', '_')}=y" in saved


def test_make_plan(project):
    """`make plan` prints the partition map."""
    project.build()
    output = make(f"O={project.folder}", "plan")
    assert "VM 0: hello" in output and "hypervisor" in output


def copied_tree(folder):
    """What Git knows of the source tree, elsewhere."""
    folder.mkdir()
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True,
                           check=True, stdout=subprocess.PIPE).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


@pytest.mark.parametrize("toolchain", ["GCC", "CLANG"])
def test_reproducible(tmp_path, toolchain):
    """The same bytes, whatever the source and build folders."""
    options = tmp_path / "options.config"
    options.write_text(f"CONFIG_TOOLCHAIN_{toolchain}=y\n")
    products = []
    for name in ("here", "in/another/place"):
        tree = tmp_path / name
        os.makedirs(tree.parent, exist_ok=True)
        copied_tree(tree)
        out = tmp_path / f"out-{name.replace('/', '-')}"
        make(f"O={out}", f"{BOARD}_defconfig", f"EXTRA_CONFIG={options}", root=tree)
        make(f"O={out}", f"SYSTEM={tree / 'demos' / 'hello' / 'config.c'}", root=tree)
        products.append([(out / file).read_bytes() for file in ("bao.elf", "bao.bin")])
    assert products[0] == products[1]
