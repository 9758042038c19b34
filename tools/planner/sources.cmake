# SPDX-License-Identifier: Apache-2.0
# The planner's sources: PLANNER_SOURCES are all of them, PLANNER_FDT_SOURCES those that need libfdt
# (already among the former), PLANNER_MAIN the one with main(). The board's board.c, the system
# configuration and arch/armv8-a/{pagetable,mappings}.c are linked beside them.
file(GLOB PLANNER_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
set(PLANNER_FDT_SOURCES
	${CMAKE_CURRENT_LIST_DIR}/check_dtb.c
	${CMAKE_CURRENT_LIST_DIR}/emit_dtb_bus.c
	${CMAKE_CURRENT_LIST_DIR}/emit_dtb.c
	${CMAKE_CURRENT_LIST_DIR}/emit_dtb_devices.c
	${CMAKE_CURRENT_LIST_DIR}/fdt_tree.c
	${CMAKE_CURRENT_LIST_DIR}/tree.c)
set(PLANNER_MAIN ${CMAKE_CURRENT_LIST_DIR}/main.c)
