# SPDX-License-Identifier: Apache-2.0
#
# bao_test_guest(name [SOURCES file.c...] [LINK_ADDRESS address]): tests/guests/<name>.c and the files
# named, with the reporting of tests/guests/suite.c, as the guest image <name>.bin of a test scenario.
function(bao_test_guest name)
	cmake_parse_arguments(PARSE_ARGV 1 guest "" "LINK_ADDRESS" "SOURCES")
	set(sources ${name}.c suite.c ${guest_SOURCES})
	list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/tests/guests/)
	bao_guest(NAME ${name} SOURCES ${sources} LINK_ADDRESS ${guest_LINK_ADDRESS}
		DEFINES CONSOLE_BASE=0x09000000 CONSOLE_IRQ=114)
endfunction()
