# SPDX-License-Identifier: Apache-2.0
#
# Guests of the demonstration: rt, built here; a Debian kernel and busybox, fetched as they are; the
# program rt-send for Linux, and the initramfs that holds it.

set(demo ${CMAKE_CURRENT_LIST_DIR})

bao_guest(
	NAME rt
	SOURCES rt.c message.c request.c stats.c
	DEFINES CONSOLE_BASE=0x09000000 CONSOLE_IRQ=114
	LINK_ADDRESS 0x40200000
	CPUS 1
)

# A program for Linux user space: always by the Debian cross compiler, which has a C library.
bao_require_program(linux_cc gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc)
set(rt_send ${BAO_GUESTS_DIR}/rt-send)
add_custom_command(OUTPUT ${rt_send}
	COMMAND ${linux_cc} -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -static ${BAO_PREFIX_MAP}
		-Wl,--build-id=none -s -o ${rt_send}
		${demo}/rt-send.c ${demo}/channel.c ${demo}/message.c
	DEPENDS ${demo}/rt-send.c ${demo}/channel.c ${demo}/channel.h ${demo}/message.c
		${demo}/message.h
	COMMENT "Linux program rt-send"
	VERBATIM)

set(packages ${BAO_GUESTS_DIR}/packages)
add_custom_command(OUTPUT ${packages}/.fetched
	COMMAND ${CMAKE_SOURCE_DIR}/tools/fetch linux-image-cloud-arm64:arm64 busybox-static:arm64
		${packages}
	COMMENT "Fetching the Debian kernel and busybox (22 MB, once)"
	USES_TERMINAL VERBATIM)

set(linux ${BAO_GUESTS_DIR}/linux)
set(initramfs ${BAO_GUESTS_DIR}/initramfs.gz)
file(GLOB files CONFIGURE_DEPENDS ${demo}/files/*)
add_custom_command(OUTPUT ${linux} ${initramfs}
	COMMAND ${BAO_PYTHON} ${demo}/assemble.py --packages ${packages} --files ${demo}/files
		--program ${rt_send} --kernel ${linux} --initramfs ${initramfs}
	DEPENDS ${demo}/assemble.py ${files} ${rt_send} ${packages}/.fetched
	COMMENT "Kernel and initramfs for Linux"
	VERBATIM)

bao_guest_file(guest-linux ${linux} ${initramfs})
