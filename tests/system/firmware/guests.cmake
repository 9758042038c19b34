# SPDX-License-Identifier: Apache-2.0
bao_guest(
	NAME hello
	SOURCES ../../../demos/hello/hello.c
	DEFINES CONSOLE_BASE=0x09000000 CONSOLE_IRQ=112
	CPUS 1
)
