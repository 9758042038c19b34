# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P): fails with one line unless PROGRAM is a QEMU of at least version MINIMUM.
find_program(path ${PROGRAM})
set(mend "run tools/setup, which installs it")
if(NOT path)
	message(NOTICE "error: ${PROGRAM} is not installed: ${mend}")
	message(FATAL_ERROR "stopped by the error above")
endif()
execute_process(COMMAND ${path} --version OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
if(NOT text MATCHES "version ([0-9]+\\.[0-9]+)" OR CMAKE_MATCH_1 VERSION_LESS MINIMUM)
	message(NOTICE "error: ${path} is version ${CMAKE_MATCH_1}, older than ${MINIMUM}: ${mend}")
	message(FATAL_ERROR "stopped by the error above")
endif()
