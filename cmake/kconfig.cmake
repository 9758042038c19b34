# SPDX-License-Identifier: Apache-2.0
#
# Runs Kconfig before anything else, since it decides the toolchain: DEFCONFIG and the build folder's
# .config become CONFIG_* variables here and autoconf.h for C. A change of any file involved makes the
# next build configure again.

# Stops with one line that says what is wrong and how to mend it.
function(bao_fail)
	string(JOIN "" text ${ARGV})
	message(NOTICE "error: ${text}")
	message(FATAL_ERROR "stopped by the error above")
endfunction()

# Paths reach C macros and depfiles unquoted, so only characters that mean nothing there will do.
function(bao_check_path what path)
	if(NOT path MATCHES "^[A-Za-z0-9_./+=@%,~-]*$")
		bao_fail("${what} is '${path}': use a path of letters, digits and _ . / + = @ % , ~ -")
	endif()
endfunction()

# Finds an interpreter that has kconfiglib; it is often not the first python3 on PATH.
function(bao_find_python)
	if(BAO_PYTHON AND EXISTS "${BAO_PYTHON}")
		return()
	endif()
	set(candidates /usr/bin/python3)
	foreach(name IN ITEMS python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9)
		find_program(candidate ${name} NO_CACHE)
		if(candidate)
			list(APPEND candidates ${candidate})
		endif()
		unset(candidate)
	endforeach()
	foreach(candidate IN LISTS candidates)
		execute_process(COMMAND ${candidate} -c "import kconfiglib" RESULT_VARIABLE status
			OUTPUT_QUIET ERROR_QUIET)
		if(status EQUAL 0)
			set(BAO_PYTHON ${candidate} CACHE FILEPATH "Python that can import kconfiglib")
			return()
		endif()
	endforeach()
	bao_fail("no Python here can import kconfiglib: apt-get install python3-kconfiglib "
		"(or give the one that can: -D BAO_PYTHON=path)")
endfunction()

# DEFCONFIG is a list; an entry is a path or the name of a file in defconfigs/, with or without _defconfig.
function(bao_find_defconfigs result)
	set(found "")
	foreach(entry IN LISTS DEFCONFIG)
		set(path "")
		foreach(candidate IN ITEMS ${CMAKE_SOURCE_DIR}/defconfigs/${entry}
				${CMAKE_SOURCE_DIR}/defconfigs/${entry}_defconfig ${entry} ${CMAKE_SOURCE_DIR}/${entry})
			if(IS_ABSOLUTE "${candidate}" AND EXISTS "${candidate}" AND NOT IS_DIRECTORY "${candidate}")
				set(path ${candidate})
				break()
			endif()
		endforeach()
		if(NOT path)
			file(GLOB known RELATIVE ${CMAKE_SOURCE_DIR}/defconfigs ${CMAKE_SOURCE_DIR}/defconfigs/*)
			string(JOIN ", " known ${known})
			bao_fail("DEFCONFIG names '${entry}', which is no file: defconfigs/ has: ${known}")
		endif()
		list(APPEND found ${path})
	endforeach()
	set(${result} ${found} PARENT_SCOPE)
endfunction()

bao_check_path("the source folder" "${CMAKE_SOURCE_DIR}")
bao_check_path("the build folder" "${CMAKE_BINARY_DIR}")
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_BINARY_DIR)
	bao_fail("the build folder must not be the source folder: add -B build (and remove CMakeCache.txt)")
endif()
bao_find_python()

set(DEFCONFIG qemu-aarch64-virt_defconfig CACHE STRING
	"Configuration files (names in defconfigs/ or paths); later ones override earlier ones")
bao_find_defconfigs(BAO_DEFCONFIGS)
set(arguments "")
foreach(path IN LISTS BAO_DEFCONFIGS)
	list(APPEND arguments --defconfig ${path})
endforeach()
set(BAO_KCONFIG_COMMAND ${BAO_PYTHON} ${CMAKE_SOURCE_DIR}/tools/kconfig.py
	--source ${CMAKE_SOURCE_DIR} --build ${CMAKE_BINARY_DIR})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${BAO_DEFCONFIGS}
	${CMAKE_SOURCE_DIR}/tools/kconfig.py ${CMAKE_BINARY_DIR}/.config)
execute_process(COMMAND ${BAO_KCONFIG_COMMAND} configure ${arguments} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "stopped by the errors above")
endif()
include(${CMAKE_BINARY_DIR}/kconfig/config.cmake)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${BAO_KCONFIG_INPUTS})
