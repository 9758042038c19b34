/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The <config.h> that system configurations include. Besides the types it leaves the path of the
 * configuration for the planner, so that relative paths of initrds and device trees start in its
 * folder. On the include path of the configuration alone.
 */
#pragma once

#include <bao/config.h>

static const char *const bao_config_file_record
	__attribute__((used, section("bao_config_files"))) = __BASE_FILE__;
