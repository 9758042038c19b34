/* SPDX-License-Identifier: Apache-2.0 */
/* Our own calls to the firmware below, by SMC: PSCI only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* PSCI CPU_ON: `affinity` without MPIDR's other bits, `entry` physical. Returns PSCI's code. */
int64_t firmware_cpu_on(uint64_t affinity, uint64_t entry, uint64_t context);

/* PSCI CPU_OFF and SYSTEM_OFF; they return only where the firmware refuses. */
void firmware_cpu_off(void);
void firmware_system_off(void);
