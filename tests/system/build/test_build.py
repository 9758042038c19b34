# SPDX-License-Identifier: Apache-2.0
"""What `make` does: what it rebuilds and what it does not, and what it says when something is wrong.

The system is written here, into the test's folder, so that it can be changed. Nothing is run.
"""

import json
import re
import shutil
import subprocess

import pytest

from support.building import BOARD, ROOT, BuildError, clean_environment, make

CONFIGURATION = """\
// SPDX-License-Identifier: Apache-2.0
#include <config.h>

VM_IMAGE(image, XSTR(IMAGE_FILE))

struct config config = {
	VMS({
		.name = "only",
		.image = VM_IMAGE_BUILTIN(image, 0x40200000),
		.entry = 0x40200000,
		MORE
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = 0x40200000, .size = MEMORY }),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}),
};
"""


class Project:
    """A build folder, a system configuration and an image, all in one folder."""

    def __init__(self, folder, root=ROOT):
        self.root = root
        self.out = folder / "out"
        self.config = folder / "config.c"
        self.image = folder / "image.bin"
        self.fragment = folder / "extra.config"
        folder.mkdir(exist_ok=True)
        self.image.write_bytes(b"\0\0\0\x14" + b"image" * 100)
        self.write()

    def write(self, memory=0x400000, more=""):
        """The configuration."""
        self.config.write_text(CONFIGURATION.replace("MEMORY", hex(memory)).replace("MORE", more))

    def configure(self, *lines):
        """A defconfig over the board's."""
        self.fragment.write_text("# SPDX-License-Identifier: Apache-2.0\n" +
                                 "".join(f"{line}\n" for line in lines))
        return make(f"O={self.out}", f"{BOARD}_defconfig", f"EXTRA_CONFIG={self.fragment}", root=self.root)

    def first_make(self, flags=""):
        """Says which system; what follows is plain make()."""
        return make(f"O={self.out}", f"SYSTEM={self.config}",
                    f"SYSTEM_CPPFLAGS=-DIMAGE_FILE={self.image} {flags}".strip(), root=self.root)

    def make(self, *words):
        """`make` and nothing else but O."""
        return make(f"O={self.out}", *words, root=self.root)

    def times(self):
        """When each file that was built was last written; CMake's own notes aside."""
        kinds = (".obj", ".o", ".elf", ".bin", ".c", ".h", ".S", ".ld", ".json", ".txt")
        notes = ("TargetDirectories.txt", "compile_commands.json")
        files = [path for path in self.out.rglob("*") if path.is_file() and path.name not in notes]
        return {str(path.relative_to(self.out)): path.stat().st_mtime_ns for path in files
                if path.suffix in kinds or path.name in ("planner", "audit")}

    def changed_since(self, before):
        """The files that were written since."""
        after = self.times()
        return {path for path in after if after[path] != before.get(path)}

    @property
    def plan(self):
        """plan.json."""
        return json.loads((self.out / "plan" / "plan.json").read_text())


def built(output):
    """The steps Ninja tells of."""
    return re.findall(r"^\[\d+/\d+\] (.*)$", output, flags=re.M)


def refusal(call, *arguments):
    """The error lines of a build that has to fail."""
    with pytest.raises(BuildError) as caught:
        call(*arguments)
    return [line for line in caught.value.output.splitlines() if line.startswith("error: ")]


@pytest.fixture(scope="module", name="project")
def make_project(tmp_path_factory):
    """A built project, which tests change one after the other."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.configure()
    project.first_make()
    return project


# ---- what is rebuilt ----------------------------------------------------------------------------------


def test_nothing_changed(project):
    """Nothing is done, and no file is touched."""
    before = project.times()
    assert "bao.elf" in before and len(before) > 50
    output = project.make()
    assert built(output) == [], output
    assert project.times() == before
    # The same settings given again are no change either.
    project.first_make()
    assert project.times() == before


def test_configuration_changed(project):
    """A larger memory: planned and linked anew; the hypervisor's sources that don't see it are left."""
    before = project.times()
    project.write(memory=0x600000)
    steps = " ".join(built(project.make()))
    changed = project.changed_since(before)
    assert "Planning" in steps and "Auditing bao.elf" in steps
    assert 0x600000 in [extent["size"] for extent in project.plan["vms"][0]["extents"]]
    assert {"bao.elf", "bao.bin", "plan/plan.c"} <= changed
    assert not any("format.c.obj" in path or "string.c.obj" in path for path in changed), changed


def test_comment_changed(project):
    """A configuration that means the same: nothing behind the plan is touched."""
    before = project.times()
    project.config.write_text(project.config.read_text() + "/* a thought */\n")
    project.make()
    changed = project.changed_since(before)
    assert not any(path.startswith(("bao.", "plan/", "CMakeFiles/bao.dir")) for path in changed), changed
    assert built(project.make()) == []


def test_image_changed(project):
    """New bytes in an image reach bao.bin; nothing is compiled."""
    before = project.times()
    project.image.write_bytes(b"\0\0\0\x14" + b"other" * 100)
    output = project.make()
    assert b"other" * 100 in (project.out / "bao.bin").read_bytes(), output
    assert not [step for step in built(output) if step.startswith("Building C object")], output
    assert {"bao.elf", "bao.bin"} <= project.changed_since(before)


def test_image_grown(project):
    """A larger image is planned anew."""
    project.image.write_bytes(b"\0\0\0\x14" + b"larger" * 5000)
    project.make()
    assert project.plan["images"][0]["size"] == project.image.stat().st_size


def test_defconfig_changed(project):
    """A plain make notices a changed defconfig, and an edited .config."""
    project.fragment.write_text(project.fragment.read_text() + "CONFIG_LOG_DEBUG=y\n")
    project.make()
    header = project.out / "kconfig" / "autoconf.h"
    assert "CONFIG_LOG_LEVEL 3" in header.read_text()
    config = project.out / ".config"
    config.write_text(config.read_text().replace("CONFIG_CHECKS=y", "# CONFIG_CHECKS is not set"))
    project.make()
    assert "CONFIG_CHECKS" not in header.read_text()
    assert built(project.make()) == []


def test_toolchain_changed(project):
    """The same folder, with the other compiler."""
    project.fragment.write_text("# SPDX-License-Identifier: Apache-2.0\nCONFIG_TOOLCHAIN_CLANG=y\n")
    project.make()
    comment = subprocess.run(["aarch64-linux-gnu-readelf", "--string-dump=.debug_str",
                              project.out / "bao.elf"], stdout=subprocess.PIPE, text=True, check=True)
    assert "clang version" in comment.stdout and "GNU C11" not in comment.stdout


def test_savedefconfig(project):
    """The shortest equivalent has the board's line, what was changed, and nothing else."""
    project.make("savedefconfig")
    lines = [line for line in (project.out / "defconfig").read_text().splitlines()
             if line and not line.startswith("# ") or line.endswith("is not set")]
    assert f"CONFIG_BOARD_{BOARD.upper().replace('-', '_')}=y" in lines
    assert "CONFIG_TOOLCHAIN_CLANG=y" in lines and len(lines) <= 3, lines


def test_plan_is_printed(project):
    """make plan: the partition map."""
    output = project.make("plan")
    assert re.search(r"only +regions\[0\]", output), output


def test_clean(project):
    """make clean removes what was built and keeps the configuration."""
    project.make("clean")
    assert not (project.out / "bao.elf").exists() and not (project.out / "bao.bin").exists()
    assert (project.out / ".config").exists()


def copy_tree(folder):
    """The source tree, as Git knows it, elsewhere; or without Git, all but build folders."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--deduplicate"], cwd=ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    names = listed.stdout.splitlines() if listed.returncode == 0 else [
        path.relative_to(ROOT) for entry in ROOT.iterdir() if not entry.name.startswith("build")
        for path in [entry, *entry.rglob("*")]]
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("toolchain", ["GCC", "CLANG"])
def test_reproducible(tmp_path, toolchain):
    """Another source folder and another build folder: the same bytes."""
    first = Project(tmp_path / "first")
    second = Project(tmp_path / "second-folder", root=copy_tree(tmp_path / "a-copy" / "of.it"))
    for project in (first, second):
        project.configure(f"CONFIG_TOOLCHAIN_{toolchain}=y")
        project.first_make()
    for name in ("bao.elf", "bao.bin", "plan/plan.c", "plan/plan.txt"):
        assert (first.out / name).read_bytes() == (second.out / name).read_bytes(), name


# ---- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("line, why", [
    ("CONFIG_STACK_SIZ=8192", r"there is no symbol CONFIG_STACK_SIZ; did you mean CONFIG_STACK_SIZE\?"),
    ("CONFIG_IPC=maybe", r"CONFIG_IPC cannot be 'maybe': it takes y or n"),
    ("CONFIG_STACK_SIZE=0x2000", r"CONFIG_STACK_SIZE cannot be '0x2000': it takes a decimal number"),
    ("CONFIG_STACK_SIZE=1024", r"CONFIG_STACK_SIZE=1024 is outside its range 4096\.\.65536"),
    ("CONFIG_STACK_SIZE=5000", r"CONFIG_STACK_SIZE is 5000, not a multiple of 4096"),
    ("CONFIG_CONSOLE_RING_SIZE=1000", r"CONFIG_CONSOLE_RING_SIZE is 1000, not a power of two"),
    ("CONFIG_LOG_LEVEL=1", r"CONFIG_LOG_LEVEL cannot be set: it follows from other options"),
    ("CONFIG_HAS_GICV3=n", r"CONFIG_HAS_GICV3"),
    ("CONFIG_ARCH_ARM=n", r"CONFIG_ARCH_ARM"),
    ("CONFIG_GICV2=y", r"there is no symbol CONFIG_GICV2"),
    ("CONFIG_TOOLCHAIN_GCC=n", r"CONFIG_TOOLCHAIN_GCC=n has no effect"),
    ("STACK_SIZE=8192", r"not an assignment: 'STACK_SIZE=8192'"),
])
def test_bad_assignment(tmp_path, line, why):
    """A configuration line that cannot mean what it says: its file and line, and why."""
    project = Project(tmp_path / "project")
    errors = refusal(project.configure, "CONFIG_LOG_DEBUG=y", line)
    assert len(errors) == 1 and re.match(rf"error: .*extra\.config:3: {why}", errors[0]), errors


def test_option_without_effect(tmp_path):
    """An option whose condition does not hold."""
    project = Project(tmp_path / "project")
    errors = refusal(project.configure, "# CONFIG_VIRTUAL_UART is not set", "CONFIG_CONSOLE_ESCAPE=1")
    assert len(errors) == 1, errors
    assert re.match(r"error: .*extra\.config:3: CONFIG_CONSOLE_ESCAPE=1 (needs|has no effect).*"
                    r"CONFIG_VIRTUAL_UART", errors[0]), errors


def test_unknown_defconfig(tmp_path):
    """A board that is not there: those that are."""
    errors = refusal(make, f"O={tmp_path / 'out'}", "no-such-board_defconfig")
    assert len(errors) == 1 and "no-such-board_defconfig" in errors[0] and BOARD in errors[0], errors


@pytest.fixture(scope="module", name="broken")
def make_broken(tmp_path_factory):
    """A project to break: built once, so that each fault costs a moment."""
    project = Project(tmp_path_factory.mktemp("broken"))
    project.configure()
    project.first_make()
    return project


def check_refused(project, pattern):
    """One error line, and no image to run by mistake."""
    errors = refusal(project.make)
    assert len(errors) == 1 and re.search(pattern, errors[0]), errors


def test_missing_image(broken):
    """An image that is not there."""
    kept = broken.image.read_bytes()
    broken.image.unlink()
    check_refused(broken, r"only: image: .*image\.bin.*No such file.*\[image-file\]")
    broken.image.write_bytes(kept)
    broken.make()


def test_empty_image(broken):
    """An image with nothing in it."""
    kept = broken.image.read_bytes()
    broken.image.write_bytes(b"")
    check_refused(broken, r"only: image: .*image\.bin.* empty")
    broken.image.write_bytes(kept)
    broken.make()


def test_bad_device_tree(broken):
    """A device tree that is none."""
    tree = broken.config.with_name("tree.dtb")
    tree.write_bytes(b"not a device tree")
    broken.write(more='.dtb = { .file = "tree.dtb" },')
    check_refused(broken, r"only: .*tree\.dtb.*\[dtb-invalid\]")
    broken.write()
    broken.make()


def test_planner_errors(broken):
    """What the planner refuses reaches whoever typed make: every error, with VM, rule and way out."""
    broken.write(memory=0x400800, more=".cpu_affinity = 0x10000,")
    errors = refusal(broken.make)
    assert len(errors) >= 2, errors
    assert all(re.match(r"error: only: .*; .*\[[a-z-]+\]$", error) for error in errors), errors
    broken.write()
    broken.make()


def test_configuration_that_does_not_compile(broken):
    """A configuration with an error in C: the compiler's own words, with the line."""
    broken.write(more=".no_such_field = 1,")
    with pytest.raises(BuildError) as caught:
        broken.make()
    assert re.search(r"config\.c:\d+:\d+: error: .*no_such_field", caught.value.output), caught.value
    broken.write()
    broken.make()


def test_no_image_of_a_refused_system(tmp_path):
    """A first build that is refused leaves nothing that could be run by mistake."""
    project = Project(tmp_path / "project")
    project.configure()
    project.write(memory=0x1000000000)
    errors = refusal(project.first_make)
    assert errors and "only" in errors[0]
    assert not (project.out / "bao.bin").exists() and not (project.out / "bao.elf").exists()


def test_missing_configuration(tmp_path):
    """SYSTEM names no file."""
    with pytest.raises(BuildError) as caught:
        make(f"O={tmp_path / 'out'}", f"SYSTEM={tmp_path}/none.c")
    assert re.search(r"SYSTEM is .*none\.c, which does not exist", caught.value.output)


def test_missing_compiler(tmp_path):
    """A cross compiler that is not installed: its name, and how to get it."""
    project = Project(tmp_path / "project")
    errors = refusal(project.configure, 'CONFIG_CROSS_COMPILE="no-such-tool-"')
    assert len(errors) == 1, errors
    assert re.search(r"no-such-tool-gcc is not .*: .*(install|CONFIG_CROSS_COMPILE)", errors[0]), errors


def test_old_qemu(broken, tmp_path):
    """A QEMU that is too old is refused before it is started, and how to mend that is said."""
    fake = tmp_path / "qemu-system-aarch64"
    fake.write_text("#!/bin/sh\necho QEMU emulator version 7.2.0\n")
    fake.chmod(0o755)
    environment = clean_environment()
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    done = subprocess.run(["ninja", "-C", str(broken.out), "run"], env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    errors = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert done.returncode != 0 and len(errors) == 1, done.stdout
    assert re.search(r"7\.2.* older than \d.*tools/setup", errors[0]), errors
