/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The build's configuration as C sees it: CONFIG_X from Kconfig (generated <autoconf.h>), and
 * IS_ENABLED() for ordinary `if`s, so that both sides always compile.
 */
#pragma once

#include <autoconf.h>

#define KCONFIG_PLACEHOLDER_1 0,
#define KCONFIG_SECOND(ignored, value, ...) value
#define KCONFIG_IS_ONE_3(placeholder_or_junk) KCONFIG_SECOND(placeholder_or_junk 1, 0, 0)
#define KCONFIG_IS_ONE_2(value) KCONFIG_IS_ONE_3(KCONFIG_PLACEHOLDER_##value)
#define KCONFIG_IS_ONE(value) KCONFIG_IS_ONE_2(value)

/* 1 if the bool symbol is y, 0 if it is n or unknown here. */
#define IS_ENABLED(symbol) KCONFIG_IS_ONE(symbol)
