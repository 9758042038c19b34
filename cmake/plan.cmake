# SPDX-License-Identifier: Apache-2.0
#
# Runs the planner. It rewrites a file only when its content changes, so what depends on a file that did
# not change stays as it is. Its depfile names the images, initrds and device trees it read.

set(BAO_PLAN_DIR ${CMAKE_BINARY_DIR}/plan)
set(BAO_PLAN_STAMP ${BAO_PLAN_DIR}/planned)
get_property(guests GLOBAL PROPERTY BAO_GUEST_TARGETS)

add_custom_command(
	OUTPUT ${BAO_PLAN_STAMP}
	BYPRODUCTS ${BAO_PLAN_DIR}/plan.c ${BAO_PLAN_DIR}/plan.h ${BAO_PLAN_DIR}/images.S
		${BAO_PLAN_DIR}/plan.txt ${BAO_PLAN_DIR}/plan.svg ${BAO_PLAN_DIR}/plan.json
	COMMAND ${CMAKE_COMMAND} -E make_directory ${BAO_PLAN_DIR}
	COMMAND ${BAO_TOOLS_DIR}/planner --out ${BAO_PLAN_DIR} --depfile ${BAO_PLAN_STAMP}.d
		--target ${BAO_PLAN_STAMP}
	COMMAND ${CMAKE_COMMAND} -E touch ${BAO_PLAN_STAMP}
	DEPENDS ${BAO_TOOLS_DIR}/planner ${guests}
	DEPFILE ${BAO_PLAN_STAMP}.d
	COMMENT "Planning ${CONFIG_BOARD}"
	VERBATIM
)
add_custom_target(plan_files DEPENDS ${BAO_PLAN_STAMP})

# `plan`: print the partition map.
add_custom_target(plan
	COMMAND ${CMAKE_COMMAND} -E cat ${BAO_PLAN_DIR}/plan.txt
	DEPENDS ${BAO_PLAN_STAMP}
	COMMENT "The partition map; a picture of it is plan/plan.svg"
	USES_TERMINAL
	VERBATIM
)
add_dependencies(plan plan_files)
