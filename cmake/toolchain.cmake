# SPDX-License-Identifier: Apache-2.0
#
# Chooses the cross compiler that Kconfig names. Read before project(), which then finds it. When the
# choice changes in an existing build folder, what CMake remembered of the old compiler is dropped.

# Finds a program or says which package has it.
function(bao_require_program variable package)
	find_program(program NAMES ${ARGN} NO_CACHE)
	if(NOT program)
		list(GET ARGN 0 name)
		bao_fail("${name} is not installed: apt-get install ${package} (tools/setup installs all that is needed)")
	endif()
	set(${variable} ${program} PARENT_SCOPE)
endfunction()

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

bao_require_program(BAO_NINJA ninja-build ninja)
bao_require_program(BAO_HOST_CC gcc cc)

if(CONFIG_TOOLCHAIN_CLANG)
	bao_require_program(BAO_CC clang clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14)
	bao_require_program(BAO_LINKER lld ld.lld)
	bao_require_program(BAO_OBJCOPY llvm llvm-objcopy llvm-objcopy-14)
	bao_require_program(BAO_READELF llvm llvm-readelf llvm-readelf-14)
	set(CMAKE_C_COMPILER_TARGET aarch64-none-elf)
	set(CMAKE_ASM_COMPILER_TARGET aarch64-none-elf)
else()
	if(NOT CONFIG_CROSS_COMPILE MATCHES "^aarch64-linux-gnu-$")
		find_program(found ${CONFIG_CROSS_COMPILE}gcc NO_CACHE)
		if(NOT found)
			bao_fail("${CONFIG_CROSS_COMPILE}gcc is not on PATH: install it, or mend CONFIG_CROSS_COMPILE")
		endif()
	endif()
	bao_require_program(BAO_CC gcc-aarch64-linux-gnu ${CONFIG_CROSS_COMPILE}gcc)
	bao_require_program(BAO_OBJCOPY binutils-aarch64-linux-gnu ${CONFIG_CROSS_COMPILE}objcopy)
	bao_require_program(BAO_READELF binutils-aarch64-linux-gnu ${CONFIG_CROSS_COMPILE}readelf)
endif()

set(identity "${BAO_CC} ${CMAKE_C_COMPILER_TARGET}")
set(identity_file ${CMAKE_BINARY_DIR}/kconfig/toolchain)
set(previous "")
if(EXISTS ${identity_file})
	file(READ ${identity_file} previous)
endif()
if(NOT previous STREQUAL identity)
	file(REMOVE_RECURSE ${CMAKE_BINARY_DIR}/CMakeFiles/${CMAKE_VERSION})
	get_cmake_property(cached CACHE_VARIABLES)
	foreach(variable IN LISTS cached)
		if(variable MATCHES "^CMAKE_(C|ASM)_|^CMAKE_(AR|RANLIB|LINKER|NM|OBJCOPY|OBJDUMP|READELF|STRIP|ADDR2LINE|DLLTOOL)$")
			unset(${variable} CACHE)
		endif()
	endforeach()
	file(WRITE ${identity_file} "${identity}")
endif()

set(CMAKE_C_COMPILER ${BAO_CC})
set(CMAKE_ASM_COMPILER ${BAO_CC})

# The environment's CFLAGS and LDFLAGS are for programs of the build machine.
foreach(variable IN ITEMS CMAKE_C_FLAGS CMAKE_ASM_FLAGS CMAKE_EXE_LINKER_FLAGS)
	set(${variable} "" CACHE STRING "Not used; Kconfig decides")
endforeach()
