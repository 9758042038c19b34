/* SPDX-License-Identifier: Apache-2.0 */
/* Kconfig's answers for the planner that cli.sh runs. */
#pragma once

#define CONFIG_HYP_BASE 0x40200000
#define CONFIG_HYP_SIZE 0x100000
#define CONFIG_IPC 1
#define CONFIG_REMIO 1
#define CONFIG_VIRTUAL_UART 1
