# SPDX-License-Identifier: Apache-2.0
#
# Targets for people: run, debug, menuconfig, guiconfig, savedefconfig. How a board is run is said by its
# board.cmake.

# bao_run_in_qemu(MINIMUM_VERSION x.y COMMAND words...): the board is run by this QEMU command, completed
# by tools/run.py.
function(bao_run_in_qemu)
	cmake_parse_arguments(PARSE_ARGV 0 QEMU "" "MINIMUM_VERSION" "COMMAND")
	set(run ${BAO_PYTHON} ${CMAKE_SOURCE_DIR}/tools/run.py --build ${CMAKE_BINARY_DIR})
	list(GET QEMU_COMMAND 0 program)
	set(check ${CMAKE_COMMAND} -D PROGRAM=${program} -D MINIMUM=${QEMU_MINIMUM_VERSION}
		-P ${CMAKE_SOURCE_DIR}/cmake/check_qemu.cmake)
	add_custom_target(run
		COMMAND ${check}
		COMMAND ${run} -- ${QEMU_COMMAND}
		COMMENT "Running ${CONFIG_BOARD} in QEMU"
		USES_TERMINAL VERBATIM)
	add_custom_target(debug
		COMMAND ${check}
		COMMAND ${run} --debug -- ${QEMU_COMMAND}
		COMMENT "Running ${CONFIG_BOARD} in QEMU, waiting for gdb"
		USES_TERMINAL VERBATIM)
	add_dependencies(run image)
	add_dependencies(debug image)
	# For tests and scripts that start QEMU themselves.
	string(JOIN " " words ${QEMU_COMMAND})
	file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/qemu_command CONTENT "${words}\n" @ONLY)
endfunction()

foreach(command IN ITEMS menuconfig guiconfig savedefconfig)
	add_custom_target(${command}
		COMMAND ${BAO_KCONFIG_COMMAND} ${command}
		COMMENT "${command}"
		USES_TERMINAL VERBATIM)
endforeach()

include(boards/${CONFIG_BOARD}/board.cmake OPTIONAL)
if(NOT TARGET run)
	foreach(target IN ITEMS run debug)
		add_custom_target(${target}
			COMMAND ${CMAKE_COMMAND} -E echo
				"error: boards/${CONFIG_BOARD}/board.cmake does not say how this board is run"
			COMMAND ${CMAKE_COMMAND} -E false
			COMMENT "" VERBATIM)
	endforeach()
endif()

# What scripts outside CMake need to know of this build folder.
set(compiler ${CMAKE_C_COMPILER})
if(CMAKE_C_COMPILER_TARGET)
	string(APPEND compiler " --target=${CMAKE_C_COMPILER_TARGET}")
endif()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/check.env
	CONTENT "BAO_PYTHON=${BAO_PYTHON}\nBAO_COMPILER=${compiler}\n" @ONLY)
