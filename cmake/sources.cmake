# SPDX-License-Identifier: Apache-2.0
#
# What a folder's sources.cmake may say: which files belong to the hypervisor, under which option, and
# flags that one file needs.

set_property(GLOBAL PROPERTY BAO_SOURCES "")

# bao_sources(file...): always built. Paths are relative to the calling file.
function(bao_sources)
	foreach(file IN LISTS ARGN)
		set(path ${CMAKE_CURRENT_LIST_DIR}/${file})
		if(NOT EXISTS ${path})
			bao_fail("${CMAKE_CURRENT_LIST_FILE} names ${file}, which does not exist")
		endif()
		set_property(GLOBAL APPEND PROPERTY BAO_SOURCES ${path})
	endforeach()
endfunction()

# bao_sources_if(CONFIG_X file...): built when the option is y. A misspelt option is an error.
function(bao_sources_if option)
	if(NOT option IN_LIST BAO_KCONFIG_SYMBOLS)
		bao_fail("${CMAKE_CURRENT_LIST_FILE} asks for ${option}, which no Kconfig defines")
	endif()
	if(${option})
		bao_sources(${ARGN})
	endif()
endfunction()

# bao_source_flags(file flag...): flags for this file alone, after the common ones. Those of GCC's tree
# optimisers (-fno-tree-...) are left out with Clang, which with -ffreestanding needs none of them.
function(bao_source_flags file)
	if(CONFIG_TOOLCHAIN_CLANG)
		list(FILTER ARGN EXCLUDE REGEX "^-f(no-)?tree-")
	endif()
	set_property(SOURCE ${CMAKE_CURRENT_LIST_DIR}/${file} APPEND PROPERTY COMPILE_OPTIONS ${ARGN})
endfunction()

include(core/sources.cmake)
if(CONFIG_ARCH_ARM)
	include(arch/arm/sources.cmake)
endif()
if(CONFIG_ARCH_ARMV8A)
	include(arch/armv8-a/sources.cmake)
endif()
file(GLOB lists ${CMAKE_SOURCE_DIR}/drivers/*/sources.cmake)
foreach(list IN LISTS lists)
	include(${list})
endforeach()
