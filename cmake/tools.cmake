# SPDX-License-Identifier: Apache-2.0
#
# The programs of the build machine: planner and audit. They are a CMake project of their own, since one
# project has one compiler; this adds the rule that builds it and lists, in a depfile, everything it was
# built from, so that it is entered only when something of that has changed.

separate_arguments(cppflags UNIX_COMMAND "${SYSTEM_CPPFLAGS}")

# All that the tools' project is told, in a file that changes only when that does.
set(BAO_TOOLS_DIR ${CMAKE_BINARY_DIR}/tools)
set(settings "\
# Written by cmake/tools.cmake.
set(BAO_BUILD [==[${CMAKE_BINARY_DIR}]==])
set(BAO_BOARD_SOURCE [==[${CMAKE_SOURCE_DIR}/boards/${CONFIG_BOARD}/board.c]==])
set(BAO_SYSTEM [==[${BAO_SYSTEM}]==])
set(BAO_SYSTEM_CPPFLAGS [==[${cppflags}]==])
set(BAO_GUESTS_DIR [==[${BAO_GUESTS_DIR}]==])
")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/kconfig/tools_settings.cmake
	CONTENT "${settings}" @ONLY)

add_custom_command(
	OUTPUT ${BAO_TOOLS_DIR}/built
	BYPRODUCTS ${BAO_TOOLS_DIR}/planner ${BAO_TOOLS_DIR}/audit
	COMMAND ${CMAKE_COMMAND}
		-D SOURCE=${CMAKE_SOURCE_DIR}/tools -D BUILD=${BAO_TOOLS_DIR}
		-D SETTINGS=${CMAKE_BINARY_DIR}/kconfig/tools_settings.cmake
		-D HOST_CC=${BAO_HOST_CC} -D NINJA=${BAO_NINJA}
		-P ${CMAKE_SOURCE_DIR}/cmake/build_tools.cmake
	DEPENDS ${CMAKE_BINARY_DIR}/kconfig/tools_settings.cmake ${CMAKE_SOURCE_DIR}/tools/CMakeLists.txt
		${CMAKE_SOURCE_DIR}/cmake/build_tools.cmake ${BAO_SYSTEM}
	DEPFILE ${BAO_TOOLS_DIR}/built.d
	COMMENT "Building planner and audit"
	VERBATIM
)
add_custom_target(tools DEPENDS ${BAO_TOOLS_DIR}/built)
