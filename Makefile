# SPDX-License-Identifier: Apache-2.0
#
# A thin wrapper of CMake and Ninja, for fingers used to make: everything it does can be done with
# `cmake -S . -B build -G Ninja` and `ninja -C build` as well. `make help` lists what there is.

O ?= build
.DEFAULT_GOAL := all
.SUFFIXES:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# $(call check_path,what,path): such paths would not survive make, the shell and C macros.
ORDINARY := digits, letters and _ . / + = @ % , ~ -
unusual = $(shell printf '%s' '$(subst ','\'',$(1))' | tr -d 'A-Za-z0-9_./+=@%,~-')
check_path = $(if $(call unusual,$(2)),$(error $(1) is '$(2)': use a path of $(ORDINARY)))
$(call check_path,the source folder,$(CURDIR))
$(call check_path,O,$(O))
$(call check_path,SYSTEM,$(SYSTEM))
$(if $(SYSTEM),$(if $(wildcard $(SYSTEM)),,$(error SYSTEM is $(SYSTEM), which does not exist)))

BUILD := $(abspath $(O))
CMAKE := cmake -S $(CURDIR) -B $(BUILD) -G Ninja
NINJA := cmake --build $(BUILD) --target
VERBOSE := $(if $(filter 1,$(V)),-- -v)

# What is given on the command line stays in the build folder until given anew (SYSTEM= forgets it).
SETTINGS :=
ifneq ($(origin SYSTEM),undefined)
SETTINGS += -D SYSTEM=$(if $(SYSTEM),$(abspath $(SYSTEM)))
endif
ifneq ($(origin SYSTEM_CPPFLAGS),undefined)
SETTINGS += -D 'SYSTEM_CPPFLAGS=$(subst ','\'',$(SYSTEM_CPPFLAGS))'
endif

# EXTRA_CONFIG: files (paths, or names in defconfigs/) applied over a <board>_defconfig.
DEFCONFIG_GOAL := $(filter %_defconfig,$(MAKECMDGOALS))
EMPTY :=
EXTRAS := $(foreach file,$(EXTRA_CONFIG),;$(if $(wildcard $(file)),$(abspath $(file)),$(file)))
EXTRAS := $(subst $(EMPTY) ;,;,$(EXTRAS))
ifneq ($(EXTRA_CONFIG),)
ifeq ($(DEFCONFIG_GOAL),)
$(error EXTRA_CONFIG goes with a defconfig: make <board>_defconfig EXTRA_CONFIG=$(EXTRA_CONFIG))
endif
endif

# Configures, and of what CMake prints shows only what somebody must read.
define configure
	@command -v cmake >/dev/null && command -v ninja >/dev/null || \
		{ echo "error: cmake or ninja is not installed: run tools/setup" >&2; exit 1; }
	@mkdir -p $(BUILD)
	@if $(CMAKE) $(SETTINGS) $(1) >$(BUILD)/configure.log 2>&1; then \
		sed '/^-- /d; /^$$/d' $(BUILD)/configure.log; \
	elif ! grep '^error: ' $(BUILD)/configure.log >&2; then \
		cat $(BUILD)/configure.log >&2; exit 1; \
	else exit 1; fi
endef

.PHONY: all run debug plan menuconfig guiconfig savedefconfig test check format setup setup-run \
	configured clean help

all: configured
	@$(NINJA) all $(VERBOSE)

plan menuconfig guiconfig savedefconfig: configured
	@$(NINJA) $@ $(VERBOSE)

run debug: setup-run
	@$(MAKE) configured
	@$(NINJA) $@ $(VERBOSE)

test: setup
	@$(CURDIR)/tools/test --build $(BUILD) $(if $(filter 1,$(V)),--verbose)

# The checks read generated files, so the system is planned first.
check: setup
	@$(MAKE) configured
	@$(NINJA) plan_files tools $(VERBOSE)
	@$(CURDIR)/tools/check/run --build $(BUILD)

format:
	@$(CURDIR)/tools/check/run --format

setup:
	@$(CURDIR)/tools/setup

setup-run:
	@$(CURDIR)/tools/setup run

# Ninja configures again by itself when a file asks for it; this is for the first time and for settings.
configured:
ifneq ($(strip $(SETTINGS)),)
	$(call configure)
else ifeq ($(wildcard $(BUILD)/build.ninja),)
	$(call configure)
endif

%_defconfig:
	@rm -f $(BUILD)/.config
	$(call configure,-D 'DEFCONFIG=$@$(EXTRAS)')
	@echo "$(O)/.config is that of $@$(subst ;, + ,$(EXTRAS))"

# Removes what was built; .config and the settings stay.
clean:
	@if [ -e $(BUILD)/build.ninja ]; then \
		$(NINJA) clean && rm -rf $(BUILD)/tools $(BUILD)/plan $(BUILD)/guests $(BUILD)/tests; \
	fi

help:
	@echo 'Build and run:'
	@echo '  make                   build $(O)/bao.elf and $(O)/bao.bin (first: the default board)'
	@echo '  make run               build, then run in QEMU; installs what is missing'
	@echo '  make debug             the same, QEMU waiting for gdb, gdb attached'
	@echo '  make plan              print the partition map; a picture is $(O)/plan/plan.svg'
	@echo '  make clean             remove what was built, keep the configuration'
	@echo 'Configure:'
	@echo '  make <board>_defconfig start from a board'"'"'s configuration:'
	@cd $(CURDIR)/defconfigs && for f in *_defconfig; do echo "                           $$f"; done
	@echo '  make menuconfig        change it in the terminal (guiconfig: in a window)'
	@echo '  make savedefconfig     write the shortest equivalent to $(O)/defconfig'
	@echo 'Verify:'
	@echo '  make test              every test, on this machine and in QEMU'
	@echo '  make check             format, layering, static analysis'
	@echo '  make format            bring the sources into the form make check wants'
	@echo 'Variables:'
	@echo '  O=folder               build folder (build)'
	@echo '  SYSTEM=file            system configuration, instead of the one in Kconfig'
	@echo '  SYSTEM_CPPFLAGS=-D...  preprocessor flags for it'
	@echo '  EXTRA_CONFIG=files     with <board>_defconfig: files that override it'
	@echo '  V=1                    show commands'
