# SPDX-License-Identifier: Apache-2.0
#
# The audit's sources, for the build and for its tests: AUDIT_SOURCES with main.c, AUDIT_CHECK_SOURCES
# without. Both contain the target's mapping code, which the audit runs. It needs C11 and the include
# folders AUDIT_INCLUDES, nothing of Kconfig or of the plan's generated header.

set(AUDIT_ROOT ${CMAKE_CURRENT_LIST_DIR}/../..)
get_filename_component(AUDIT_ROOT ${AUDIT_ROOT} ABSOLUTE)

set(AUDIT_INCLUDES ${AUDIT_ROOT}/include ${AUDIT_ROOT}/arch ${CMAKE_CURRENT_LIST_DIR})

set(AUDIT_CHECK_SOURCES
	${CMAKE_CURRENT_LIST_DIR}/audit.c
	${CMAKE_CURRENT_LIST_DIR}/check_channels.c
	${CMAKE_CURRENT_LIST_DIR}/check_cpus.c
	${CMAKE_CURRENT_LIST_DIR}/check_elf.c
	${CMAKE_CURRENT_LIST_DIR}/check_frames.c
	${CMAKE_CURRENT_LIST_DIR}/check_interrupts.c
	${CMAKE_CURRENT_LIST_DIR}/check_loads.c
	${CMAKE_CURRENT_LIST_DIR}/check_maps.c
	${CMAKE_CURRENT_LIST_DIR}/check_tables.c
	${CMAKE_CURRENT_LIST_DIR}/check_windows.c
	${CMAKE_CURRENT_LIST_DIR}/elf_image.c
	${CMAKE_CURRENT_LIST_DIR}/map_list.c
	${CMAKE_CURRENT_LIST_DIR}/plan_tables.c
	${CMAKE_CURRENT_LIST_DIR}/report.c
	${CMAKE_CURRENT_LIST_DIR}/walker.c
	${AUDIT_ROOT}/arch/armv8-a/mappings.c
	${AUDIT_ROOT}/arch/armv8-a/pagetable.c
)

set(AUDIT_SOURCES ${CMAKE_CURRENT_LIST_DIR}/main.c ${AUDIT_CHECK_SOURCES})
