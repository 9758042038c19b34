#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the Kconfig tree and defconfigs into the build's configuration.

`configure` is run by CMake before anything else. It writes, each only when its content changes:
    .config         the complete configuration, which menuconfig edits
    autoconf.h      the same for C and assembly
    config.cmake    the same for CMake, with the list of files read
A .config nobody edited always follows its defconfigs; an edited one stays until a defconfig changes.
Every assignment must mean what it says: one that names no symbol, is not a value of its symbol's type
and range, or did not take effect is an error with file and line, and nothing is written.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path

import kconfiglib

ASSIGNMENT = re.compile(r"CONFIG_(\w+)=(.*)")
UNSET = re.compile(r"# CONFIG_(\w+) is not set")
MULTIPLE = re.compile(r"multiple of (0x[0-9a-f]+|\d+)")
TYPE_NAMES = {
    kconfiglib.BOOL: "y or n",
    kconfiglib.INT: "a decimal number",
    kconfiglib.HEX: "a hexadecimal number, 0x...",
    kconfiglib.STRING: "a string in double quotes",
}
# For the build alone: left out of autoconf.h, so that changing them recompiles nothing by itself.
BUILD_ONLY = ("SYSTEM", "CROSS_COMPILE")


class Assignment:
    """One line of a configuration file that sets a symbol."""

    def __init__(self, name, value, quoted, where):
        self.name = name
        self.value = value  # as written, without quotes
        self.quoted = quoted
        self.where = where  # "file:line"


def display(path):
    """A path as a person would type it in the source tree."""
    path = os.path.abspath(path)
    relative = os.path.relpath(path, os.environ["srctree"])
    return path if relative.startswith("..") else relative


def read_assignments(path, errors):
    """The assignments of a file in order. Lines that are neither that nor a comment are errors."""
    assignments = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"{display(path)}:{number}"
        line = line.strip()
        match = ASSIGNMENT.fullmatch(line)
        if match:
            name, value = match.groups()
            quoted = len(value) >= 2 and value[0] == value[-1] == '"'
            if quoted:
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            assignments.append(Assignment(name, value, quoted, where))
        elif UNSET.fullmatch(line):
            assignments.append(Assignment(UNSET.fullmatch(line).group(1), "n", False, where))
        elif line and not line.startswith("#"):
            errors.append(f"{where}: not an assignment: '{line}'; write CONFIG_NAME=value")
    return assignments


def nearest_symbol(kconf, name):
    """', did you mean ...' when a symbol of a similar name exists."""
    import difflib

    near = difflib.get_close_matches(name, [s.name for s in kconf.unique_defined_syms], 1)
    return f"; did you mean CONFIG_{near[0]}?" if near else ""


def prompt_of(symbol):
    """The symbol's prompt, empty if it has none."""
    for node in symbol.nodes:
        if node.prompt:
            return node.prompt[0]
    return ""


def range_of(symbol):
    """The (low, high) that hold now, or None."""
    for low, high, condition in symbol.ranges:
        if kconfiglib.expr_value(condition):
            return low.str_value, high.str_value
    return None


def number(symbol, text):
    """The value of an int or hex symbol."""
    return int(text, 16 if symbol.orig_type == kconfiglib.HEX else 10)


def check_value(kconf, assignment):
    """Why the value cannot be one of the symbol, or None."""
    symbol = kconf.syms.get(assignment.name)
    name = f"CONFIG_{assignment.name}"
    if symbol is None or not symbol.nodes:
        return f"there is no symbol {name}{nearest_symbol(kconf, assignment.name)}"
    kind, value = symbol.orig_type, assignment.value
    good = {
        kconfiglib.BOOL: lambda: value in ("y", "n"),
        kconfiglib.INT: lambda: re.fullmatch(r"-?(0|[1-9]\d*)", value),
        kconfiglib.HEX: lambda: re.fullmatch(r"0[xX][0-9a-fA-F]+", value),
        kconfiglib.STRING: lambda: True,
    }[kind]()
    if not good or assignment.quoted != (kind == kconfiglib.STRING):
        return f"{name} cannot be '{value}': it takes {TYPE_NAMES[kind]}"
    return None


def check_number(symbol):
    """Why the number breaks what the symbol's prompt says of it, or None."""
    if symbol.orig_type not in (kconfiglib.INT, kconfiglib.HEX) or not symbol.str_value:
        return None
    value, prompt = number(symbol, symbol.str_value), prompt_of(symbol)
    multiple = MULTIPLE.search(prompt)
    if multiple and value % int(multiple.group(1), 0) != 0:
        return f"CONFIG_{symbol.name} is {symbol.str_value}, not a multiple of {multiple.group(1)}"
    if "power of two" in prompt and value & (value - 1) != 0:
        return f"CONFIG_{symbol.name} is {symbol.str_value}, not a power of two"
    return None


def why_not(symbol, wanted):
    """Why an assignment of a possible value did not take effect."""
    name = f"CONFIG_{symbol.name}"
    prompt_nodes = [node for node in symbol.nodes if node.prompt]
    if not prompt_nodes:
        return f"{name} cannot be set: it follows from other options (it is '{symbol.str_value}')"
    unmet = kconfiglib.expr_value(symbol.direct_dep) == 0
    if unmet:
        return f"{name}={wanted} needs {dependency_text(symbol.direct_dep)}"
    if symbol.visibility == 0:
        return f"{name}={wanted} needs {dependency_text(prompt_nodes[0].prompt[1])}"
    bounds = range_of(symbol)
    if bounds and symbol.orig_type in (kconfiglib.INT, kconfiglib.HEX):
        base = 16 if symbol.orig_type == kconfiglib.HEX else 10
        if not int(bounds[0], base) <= int(wanted, base) <= int(bounds[1], base):
            return f"{name}={wanted} is outside its range {bounds[0]}..{bounds[1]}"
    if symbol.choice is not None:
        chosen = symbol.choice.selection
        other = f"CONFIG_{chosen.name}" if chosen else "nothing"
        return f"{name}={wanted} has no effect: {other} is chosen in '{choice_name(symbol.choice)}'"
    selected = [s.name for s in symbol.kconfig.unique_defined_syms
                if any(t is symbol and s.tri_value for t, _ in s.selects)]
    if selected:
        return f"{name}={wanted} has no effect: selected by CONFIG_{', CONFIG_'.join(selected)}"
    return f"{name}={wanted} has no effect: it is '{symbol.str_value}'"


def choice_name(choice):
    """What the menu calls a choice."""
    return choice.nodes[0].prompt[0] if choice.nodes[0].prompt else choice.name


def dependency_text(expression):
    """A dependency as a person would write it, with the present values of its symbols."""
    text = kconfiglib.expr_str(expression, lambda s: f"CONFIG_{s.name}"
                               if getattr(s, "nodes", None) else kconfiglib.standard_sc_expr_str(s))
    values = [f"CONFIG_{s.name}={s.str_value}" for s in
              sorted(kconfiglib.expr_items(expression), key=lambda s: s.name or "")
              if isinstance(s, kconfiglib.Symbol) and s.nodes]
    return f"{text} (now {', '.join(values)})" if values else text


def takes_effect(symbol, wanted):
    """Whether the symbol has the value that was asked for."""
    if symbol.orig_type in (kconfiglib.INT, kconfiglib.HEX):
        return symbol.str_value != "" and number(symbol, symbol.str_value) == number(symbol, wanted)
    return symbol.str_value == wanted


def parse_kconfig():
    """The Kconfig tree. Whatever kconfiglib finds odd in it is an error."""
    os.environ["CONFIG_"] = "CONFIG_"
    os.environ["KCONFIG_WARN_UNDEF"] = "y"
    try:
        kconf = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
    except kconfiglib.KconfigError as error:
        fail([str(error).strip()])
    if kconf.warnings:
        fail([w.replace("warning: ", "") for w in kconf.warnings])
    return kconf


def load(kconf, paths, tolerate_computed=False):
    """
    Applies configuration files, later ones over earlier ones, and checks that every assignment holds.
    `tolerate_computed`: symbols that follow from others may have changed since the file was written.
    """
    errors = []
    assignments = []
    final = {}
    for path in paths:
        if not path.is_file():
            fail([f"{display(path)}: no such configuration file; the boards' are in defconfigs/"])
        mine = read_assignments(path, errors)
        seen = {}
        for assignment in mine:
            earlier = seen.setdefault(assignment.name, assignment)
            if earlier.value != assignment.value:
                errors.append(f"{assignment.where}: CONFIG_{assignment.name} is also set at "
                              f"{earlier.where}, to another value")
        assignments += mine
    for assignment in assignments:
        reason = check_value(kconf, assignment)
        if reason:
            errors.append(f"{assignment.where}: {reason}")
        else:
            final[assignment.name] = assignment
            forget_rival_choice(kconf.syms[assignment.name], assignment, final)
            kconf.syms[assignment.name].set_value(assignment.value)
    for assignment in final.values():
        symbol = kconf.syms[assignment.name]
        computed = not prompt_of(symbol)
        if not takes_effect(symbol, assignment.value) and not (computed and tolerate_computed):
            errors.append(f"{assignment.where}: {why_not(symbol, assignment.value)}")
    for symbol in kconf.unique_defined_syms:
        reason = check_number(symbol)
        if reason:
            where = final[symbol.name].where if symbol.name in final else \
                f"{symbol.nodes[0].filename}:{symbol.nodes[0].linenr}"
            errors.append(f"{where}: {reason}")
    if errors:
        fail(errors)


def forget_rival_choice(symbol, assignment, final):
    """A later file that chooses another option of a choice overrides the earlier file's choice."""
    if symbol.choice is None or assignment.value != "y":
        return
    this_file = assignment.where.rsplit(":", 1)[0]
    for rival in symbol.choice.syms:
        earlier = final.get(rival.name)
        if rival is not symbol and earlier and earlier.where.rsplit(":", 1)[0] != this_file:
            del final[rival.name]


def fail(errors):
    """Prints one line per error and stops."""
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    sys.exit(1)


def write_if_changed(path, text):
    """Keeps the file's time when its content stays, so that nothing rebuilds for it."""
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text)
    temporary.replace(path)


def digest(paths):
    """One hash over names and contents."""
    state = hashlib.sha256()
    for path in paths:
        state.update(f"{path}\0".encode())
        state.update(path.read_bytes() if path.is_file() else b"")
    return state.hexdigest()


def config_text(kconf):
    """The complete .config."""
    return kconf._config_contents(
        "# Written by Kconfig; edit with menuconfig, or by hand.\n")


def header_text(kconf):
    """autoconf.h: y is 1, n is not defined, numbers and strings are themselves."""
    lines = ["/* SPDX-License-Identifier: Apache-2.0 */",
             "/* Written by tools/kconfig.py from .config; include <bao/kconfig.h> instead. */",
             "#pragma once", ""]
    for symbol in kconf.unique_defined_syms:
        value = symbol.str_value
        if symbol.name in BUILD_ONLY:
            continue
        if symbol.orig_type == kconfiglib.BOOL:
            if value == "y":
                lines.append(f"#define CONFIG_{symbol.name} 1")
        elif symbol.orig_type == kconfiglib.STRING:
            lines.append(f'#define CONFIG_{symbol.name} "{kconfiglib.escape(value)}"')
        elif value:
            lines.append(f"#define CONFIG_{symbol.name} {value}")
    return "\n".join(lines) + "\n"


def cmake_text(kconf, defconfigs):
    """config.cmake: the values, the names of all symbols, and the files they depend on."""
    def quoted(text):
        return "[==[" + text + "]==]"

    lines = ["# SPDX-License-Identifier: Apache-2.0",
             "# Written by tools/kconfig.py from .config."]
    for symbol in kconf.unique_defined_syms:
        value = symbol.str_value
        if symbol.orig_type == kconfiglib.BOOL:
            value = "ON" if value == "y" else "OFF"
        lines.append(f"set(CONFIG_{symbol.name} {quoted(value)})")
    symbols = ";".join(f"CONFIG_{s.name}" for s in kconf.unique_defined_syms)
    files = sorted({os.path.join(kconf.srctree, f) for f in kconf.kconfig_filenames})
    inputs = ";".join(files + [str(path) for path in defconfigs])
    lines += [f"set(BAO_KCONFIG_SYMBOLS {quoted(symbols)})",
              f"set(BAO_KCONFIG_INPUTS {quoted(inputs)})"]
    return "\n".join(lines) + "\n"


def kconfig_paths(kconf):
    """The Kconfig files that were read, in a stable order."""
    return sorted({Path(kconf.srctree) / name for name in kconf.kconfig_filenames})


def configure(options):
    """Brings .config, autoconf.h and config.cmake up to date."""
    build, defconfigs = options.build, [path.resolve() for path in options.defconfig]
    dot_config, record_path = build / ".config", build / "kconfig" / "origin.json"
    kconf = parse_kconfig()
    inputs, tree = digest(defconfigs), digest(kconfig_paths(kconf))
    record = json.loads(record_path.read_text()) if record_path.is_file() else {}
    edited = dot_config.is_file() and digest([dot_config]) != record.get("config")
    if edited and record.get("defconfigs", inputs) == inputs:
        load(kconf, [dot_config], tolerate_computed=record.get("kconfig") != tree)
        origin = "edited"
    else:
        load(kconf, defconfigs)
        origin = "defconfigs"
        if edited:
            dot_config.replace(build / ".config.old")
            print(f"a defconfig changed: {display(dot_config)} is new, "
                  f"your edited one is {display(build / '.config.old')}")
    write_if_changed(dot_config, config_text(kconf))
    write_if_changed(build / "kconfig" / "autoconf.h", header_text(kconf))
    write_if_changed(build / "kconfig" / "config.cmake", cmake_text(kconf, defconfigs))
    record = {"defconfigs": inputs, "kconfig": tree,
              "config": digest([dot_config]) if origin == "defconfigs" else "edited"}
    write_if_changed(record_path, json.dumps(record, indent=1) + "\n")


def edit(options):
    """menuconfig and guiconfig: let the user change .config."""
    os.environ["KCONFIG_CONFIG"] = str(options.build / ".config")
    try:
        editor = __import__(options.command)
    except ImportError as error:
        fail([f"{options.command} needs {error.name}: apt-get install python3-tk"
              if error.name == "tkinter" else str(error)])
    kconf = parse_kconfig()
    editor.menuconfig(kconf)


def savedefconfig(options):
    """Writes the shortest file that gives this .config; the board is always in it."""
    kconf = parse_kconfig()
    load(kconf, [options.build / ".config"])
    board = kconf.named_choices["BOARD_CHOICE"].selection
    board_line = f"CONFIG_{board.name}=y\n"
    rest = kconf._min_config_contents("").replace(board_line, "")
    path = options.build / "defconfig"
    write_if_changed(path, "# SPDX-License-Identifier: Apache-2.0\n" + board_line + rest)
    print(f"{display(path)} written; to keep it: "
          f"cp {display(path)} {display(options.source / 'defconfigs')}/NAME_defconfig")


def main():
    """Runs the command named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command",
                        choices=["configure", "menuconfig", "guiconfig", "savedefconfig"])
    parser.add_argument("--source", type=Path, required=True, help="root of the source tree")
    parser.add_argument("--build", type=Path, required=True, help="build folder")
    parser.add_argument("--defconfig", type=Path, action="append", default=[],
                        help="configuration file; later ones override earlier ones")
    options = parser.parse_args()
    options.source = options.source.resolve()
    os.environ["srctree"] = str(options.source)
    options.build = options.build.resolve()
    {"configure": configure, "menuconfig": edit, "guiconfig": edit,
     "savedefconfig": savedefconfig}[options.command](options)


if __name__ == "__main__":
    main()
