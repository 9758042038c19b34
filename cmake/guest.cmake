# SPDX-License-Identifier: Apache-2.0
#
# Guests that are built with the system: bao_guest() compiles a bare-metal guest with the library in
# demos/baremetal, bao_guest_file() names any other file that the plan must wait for. Included by
# cmake/system.cmake before the guests.cmake beside the system configuration.

set(BAO_GUEST_LIBRARY_DIR ${CMAKE_SOURCE_DIR}/demos/baremetal)
set(BAO_GUEST_LIBRARY console.c cpu.c format.c gic.c mmu.c psci.c start.S string.c)
list(TRANSFORM BAO_GUEST_LIBRARY PREPEND ${BAO_GUEST_LIBRARY_DIR}/)
set_property(SOURCE ${BAO_GUEST_LIBRARY_DIR}/string.c APPEND PROPERTY COMPILE_OPTIONS -fno-builtin)
if(CONFIG_TOOLCHAIN_GCC)
	set_property(SOURCE ${BAO_GUEST_LIBRARY_DIR}/string.c APPEND PROPERTY COMPILE_OPTIONS
		-fno-tree-loop-distribute-patterns)
endif()

# bao_guest(NAME name SOURCES file... [LINK_ADDRESS address] [STACK bytes] [CPUS count]
#           [DEFINES NAME=value...] [INCLUDES folder...] [FLOAT])
#
# Builds guests/<name>.bin (raw, entered at its first byte) and guests/<name>.elf (with symbols, for
# gdb). Paths are relative to the calling file. LINK_ADDRESS is where the VM has the image (default
# 0x40200000); STACK is per vCPU (default 8192); CPUS is the most vCPUs it may have (default 8). FLOAT
# allows floating point, at the price of saving its registers on every interrupt. The target is
# guest-<name>.
function(bao_guest)
	cmake_parse_arguments(PARSE_ARGV 0 guest "FLOAT" "NAME;LINK_ADDRESS;STACK;CPUS"
		"SOURCES;DEFINES;INCLUDES")
	if(guest_UNPARSED_ARGUMENTS OR NOT guest_NAME OR NOT guest_SOURCES)
		bao_fail("bao_guest in ${CMAKE_CURRENT_LIST_FILE}: give NAME and SOURCES, and no "
			"'${guest_UNPARSED_ARGUMENTS}'")
	endif()
	if(NOT guest_LINK_ADDRESS)
		set(guest_LINK_ADDRESS 0x40200000)
	endif()
	if(NOT guest_STACK)
		set(guest_STACK 8192)
	endif()
	if(NOT guest_CPUS)
		set(guest_CPUS 8)
	endif()
	set(sources "")
	foreach(file IN LISTS guest_SOURCES)
		cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})
		if(NOT EXISTS ${file})
			bao_fail("bao_guest in ${CMAKE_CURRENT_LIST_FILE} names ${file}, which does not exist")
		endif()
		list(APPEND sources ${file})
	endforeach()
	list(TRANSFORM guest_INCLUDES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)

	set(target guest-${guest_NAME})
	set(elf ${BAO_GUESTS_DIR}/${guest_NAME}.elf)
	set(bin ${BAO_GUESTS_DIR}/${guest_NAME}.bin)
	set(flags ${BAO_TARGET_FLAGS} ${BAO_OPTIMIZATION} ${BAO_WARNINGS} -mno-outline-atomics)
	if(guest_FLOAT)
		list(REMOVE_ITEM flags -mgeneral-regs-only)
		list(APPEND guest_DEFINES GUEST_FLOAT)
	endif()

	add_executable(${target}-elf EXCLUDE_FROM_ALL ${sources} ${BAO_GUEST_LIBRARY})
	set_target_properties(${target}-elf PROPERTIES
		OUTPUT_NAME ${guest_NAME}.elf
		SUFFIX ""
		RUNTIME_OUTPUT_DIRECTORY ${BAO_GUESTS_DIR}
		LINK_DEPENDS ${BAO_GUEST_LIBRARY_DIR}/guest.ld
	)
	target_include_directories(${target}-elf PRIVATE ${CMAKE_SOURCE_DIR}/demos
		${BAO_GUEST_LIBRARY_DIR} ${CMAKE_SOURCE_DIR}/include ${guest_INCLUDES})
	target_compile_definitions(${target}-elf PRIVATE ${guest_DEFINES}
		GUEST_STACK_SIZE=${guest_STACK} GUEST_CPU_MAX=${guest_CPUS})
	target_compile_options(${target}-elf PRIVATE ${flags})
	target_link_options(${target}-elf PRIVATE ${BAO_LINK_FLAGS}
		LINKER:--defsym=GUEST_LINK_ADDRESS=${guest_LINK_ADDRESS}
		-T${BAO_GUEST_LIBRARY_DIR}/guest.ld)

	add_custom_command(OUTPUT ${bin}
		COMMAND ${BAO_OBJCOPY} -O binary ${elf} ${bin}
		DEPENDS ${target}-elf ${elf}
		COMMENT "Guest ${guest_NAME}"
		VERBATIM)
	bao_guest_file(${target} ${bin})
endfunction()

# bao_guest_file(target output...): `output`, made by a custom command, is part of the system. Adds
# `target`, which builds it, to what the plan waits for.
function(bao_guest_file target)
	add_custom_target(${target} DEPENDS ${ARGN})
	set_property(GLOBAL APPEND PROPERTY BAO_GUEST_TARGETS ${target})
endfunction()
