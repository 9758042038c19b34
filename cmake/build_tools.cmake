# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P): builds the native project SOURCE in BUILD, and writes BUILD/built.d, a depfile with
# every file it was built from, and the stamp BUILD/built. Prints only what somebody must read.

function(run_quietly what)
	execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
	if(NOT status EQUAL 0 OR output MATCHES "warning: ")
		message(NOTICE "${output}")
	endif()
	if(NOT status EQUAL 0)
		message(FATAL_ERROR "${what} failed")
	endif()
endfunction()

file(READ ${SETTINGS} settings)
set(configured_with "${settings}${HOST_CC}")
set(previous "")
if(EXISTS ${BUILD}/configured_with AND EXISTS ${BUILD}/build.ninja)
	file(READ ${BUILD}/configured_with previous)
endif()
if(NOT previous STREQUAL configured_with)
	run_quietly("Configuring the tools" ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G Ninja
		-D CMAKE_C_COMPILER=${HOST_CC} -D CMAKE_MAKE_PROGRAM=${NINJA} -D BAO_SETTINGS=${SETTINGS})
	file(WRITE ${BUILD}/configured_with "${configured_with}")
endif()
run_quietly("Building the tools" ${CMAKE_COMMAND} --build ${BUILD})

# What Ninja knows of: sources and headers (its deps log), and the folders, whose time changes when a
# file is added.
execute_process(COMMAND ${NINJA} -C ${BUILD} -t deps OUTPUT_VARIABLE deps COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n    [^\n]+" lines "${deps}")
set(files ${SOURCE}/planner ${SOURCE}/audit ${SOURCE}/CMakeLists.txt)
foreach(line IN LISTS lines)
	string(SUBSTRING "${line}" 5 -1 file)
	get_filename_component(file "${file}" ABSOLUTE BASE_DIR ${BUILD})
	list(APPEND files ${file})
endforeach()
list(REMOVE_DUPLICATES files)
list(SORT files)
string(REPLACE ";" " \\\n " text "${files}")
file(WRITE ${BUILD}/built.d "${BUILD}/built: \\\n ${text}\n")
file(TOUCH ${BUILD}/built)
