# SPDX-License-Identifier: Apache-2.0
#
# Which system is built: SYSTEM (cache variable) or else CONFIG_SYSTEM names the configuration. A
# guests.cmake beside it, if there is one, says how its guest images are made.

set(SYSTEM "" CACHE FILEPATH "System configuration to build instead of CONFIG_SYSTEM")
set(SYSTEM_CPPFLAGS "" CACHE STRING "Preprocessor flags for the system configuration, -DNAME=value")

set(BAO_SYSTEM "${SYSTEM}")
set(origin "SYSTEM")
if(BAO_SYSTEM STREQUAL "")
	set(BAO_SYSTEM ${CONFIG_SYSTEM})
	set(origin "CONFIG_SYSTEM")
endif()
if(NOT IS_ABSOLUTE "${BAO_SYSTEM}")
	set(BAO_SYSTEM ${CMAKE_SOURCE_DIR}/${BAO_SYSTEM})
endif()
bao_check_path("${origin}" "${BAO_SYSTEM}")
if(IS_DIRECTORY "${BAO_SYSTEM}" AND EXISTS "${BAO_SYSTEM}/config.c")
	string(APPEND BAO_SYSTEM /config.c)
endif()
if(NOT EXISTS "${BAO_SYSTEM}" OR IS_DIRECTORY "${BAO_SYSTEM}")
	bao_fail("${origin} names ${BAO_SYSTEM}, which does not exist: give the path of a system configuration (a C file)")
endif()
file(REAL_PATH ${BAO_SYSTEM} BAO_SYSTEM)
bao_check_path("${origin}" "${BAO_SYSTEM}")
get_filename_component(BAO_SYSTEM_DIR ${BAO_SYSTEM} DIRECTORY)
message(STATUS "System: ${BAO_SYSTEM}")

# Guest images appear below this folder; a configuration may call it GUESTS.
set(BAO_GUESTS_DIR ${CMAKE_BINARY_DIR}/guests)
file(MAKE_DIRECTORY ${BAO_GUESTS_DIR})

# Targets that make guest images, for the plan to wait for: set_property(GLOBAL APPEND PROPERTY ...).
set_property(GLOBAL PROPERTY BAO_GUEST_TARGETS "")
include(cmake/guest.cmake OPTIONAL)
if(EXISTS ${BAO_SYSTEM_DIR}/guests.cmake)
	include(${BAO_SYSTEM_DIR}/guests.cmake)
endif()
# Noticed when it appears later: the folder's time changes with its list of files.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${BAO_SYSTEM_DIR})
