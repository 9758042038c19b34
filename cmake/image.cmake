# SPDX-License-Identifier: Apache-2.0
#
# Links bao.elf from the sources, the plan and the guests' images, audits it, and makes bao.bin.

get_property(sources GLOBAL PROPERTY BAO_SOURCES)
set(BAO_INCLUDES ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/arch ${CMAKE_BINARY_DIR}/kconfig
	${BAO_PLAN_DIR})
list(TRANSFORM BAO_INCLUDES PREPEND -I OUTPUT_VARIABLE include_flags)
set(target_flags "")
if(CMAKE_C_COMPILER_TARGET)
	set(target_flags --target=${CMAKE_C_COMPILER_TARGET})
endif()

# The linker script is C-preprocessed: addresses come from the plan.
set(linker_script ${CMAKE_BINARY_DIR}/linker.ld)
add_custom_command(
	OUTPUT ${linker_script}
	COMMAND ${CMAKE_C_COMPILER} ${target_flags} -E -P -x assembler-with-cpp -DLINKER_SCRIPT
		${include_flags} -MD -MF ${linker_script}.d -MT ${linker_script}
		${CMAKE_SOURCE_DIR}/core/linker.ld.S -o ${linker_script}
	DEPENDS ${CMAKE_SOURCE_DIR}/core/linker.ld.S ${BAO_PLAN_DIR}/plan.h
	DEPFILE ${linker_script}.d
	COMMENT "Preprocessing linker.ld"
	VERBATIM
)

# The images are taken in by the assembler (.incbin), of which no compiler writes a dependency.
set(images_object ${CMAKE_BINARY_DIR}/images.o)
add_custom_command(
	OUTPUT ${images_object}
	COMMAND ${CMAKE_C_COMPILER} ${target_flags} -c ${include_flags} ${BAO_PREFIX_MAP}
		plan/images.S -o ${images_object}
	COMMAND ${CMAKE_COMMAND} -D SOURCE=${BAO_PLAN_DIR}/images.S -D OBJECT=${images_object}
		-P ${CMAKE_SOURCE_DIR}/cmake/incbin_depfile.cmake
	WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
	DEPENDS ${BAO_PLAN_DIR}/images.S
	DEPFILE ${images_object}.d
	COMMENT "Taking in the guests' images"
	VERBATIM
)

add_executable(bao ${sources} ${BAO_PLAN_DIR}/plan.c ${images_object})
set_source_files_properties(${images_object} PROPERTIES EXTERNAL_OBJECT ON)
set_target_properties(bao PROPERTIES SUFFIX .elf LINK_DEPENDS ${linker_script})
add_custom_target(linker_script DEPENDS ${linker_script})
add_dependencies(bao plan_files linker_script)
target_include_directories(bao PRIVATE ${BAO_INCLUDES})
target_compile_options(bao PRIVATE ${BAO_HYP_FLAGS})
target_link_options(bao PRIVATE ${BAO_LINK_FLAGS} LINKER:-T,${linker_script}
	LINKER:-Map,${CMAKE_BINARY_DIR}/bao.map)

# No bao.bin without an audit of the very bao.elf it is made from.
add_custom_command(
	OUTPUT ${CMAKE_BINARY_DIR}/bao.bin
	COMMAND ${CMAKE_COMMAND} -E rm -f ${CMAKE_BINARY_DIR}/bao.bin
	COMMAND ${BAO_TOOLS_DIR}/audit ${CMAKE_BINARY_DIR}/bao.elf
	COMMAND ${BAO_OBJCOPY} -O binary ${CMAKE_BINARY_DIR}/bao.elf ${CMAKE_BINARY_DIR}/bao.bin
	COMMAND ${CMAKE_COMMAND} -D READELF=${BAO_READELF} -D ELF=${CMAKE_BINARY_DIR}/bao.elf
		-D LIMIT=${CONFIG_HYP_SIZE} -P ${CMAKE_SOURCE_DIR}/cmake/print_sizes.cmake
	DEPENDS bao ${BAO_TOOLS_DIR}/audit
	COMMENT "Auditing bao.elf, writing bao.bin"
	VERBATIM
)
add_custom_target(image ALL DEPENDS ${CMAKE_BINARY_DIR}/bao.bin)
