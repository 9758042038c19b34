# SPDX-License-Identifier: Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/../guest.cmake)
bao_test_guest(boot)
# For tests/system/v2, whose configuration takes its image from elsewhere.
bao_test_guest(plain LINK_ADDRESS 0x50000000)
