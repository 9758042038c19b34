/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The build's options as the host tests have them, in place of the file Kconfig writes: everything on,
 * small numbers. A test that wants an option off defines FAKE_WITHOUT_<option> for what it compiles.
 */
#pragma once

#define CONFIG_ARCH_FAKE 1
#define CONFIG_IPC 1
#define CONFIG_REMIO 1
#define CONFIG_CHECKS 1
#define CONFIG_LOG_LEVEL 3
#define CONFIG_CONSOLE_ESCAPE 29
#define CONFIG_CONSOLE_RING_SIZE 256
#define CONFIG_STACK_SIZE 8192

#ifndef FAKE_WITHOUT_VIRTUAL_UART
#define CONFIG_VIRTUAL_UART 1
#endif
#ifndef FAKE_WITHOUT_SYSTEM_OFF_WHEN_IDLE
#define CONFIG_SYSTEM_OFF_WHEN_IDLE 1
#endif
