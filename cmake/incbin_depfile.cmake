# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P): writes OBJECT.d, which says that OBJECT depends on every file that the assembly file
# SOURCE takes in with .incbin.
file(STRINGS ${SOURCE} lines REGEX "^[ \t]*\\.incbin[ \t]+\"")
set(text "${OBJECT}: ${SOURCE}")
foreach(line IN LISTS lines)
	string(REGEX REPLACE "^[ \t]*\\.incbin[ \t]+\"([^\"]*)\".*" "\\1" path "${line}")
	get_filename_component(folder ${OBJECT} DIRECTORY)
	get_filename_component(path ${path} ABSOLUTE BASE_DIR ${folder})
	string(APPEND text " \\\n ${path}")
endforeach()
file(WRITE ${OBJECT}.d "${text}\n")
