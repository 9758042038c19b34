# SPDX-License-Identifier: Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/../guest.cmake)
bao_test_guest(peer)
bao_test_guest(offender LINK_ADDRESS 0x48000000)
