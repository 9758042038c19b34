/* SPDX-License-Identifier: Apache-2.0 */
/* What the VMs of the power tests share: tests/system/power/config.c has the addresses too. */
#pragma once

#include <stdint.h>

#define POWER_BASE 0x40200000 /* the VM's memory, whose first instruction is a start address too */
#define POWER_SHARED 0x70000000

/* Nobody clears shared memory: what is not one of these numbers was there before. */
#define POWER_MAGIC UINT32_C(0x6c697665)
#define POWER_DONE UINT32_C(0x646f6e65)

struct power_shared {
	uint32_t magic; /* POWER_MAGIC: `life` counts */
	uint32_t life;  /* how often the VM has been started */
	uint32_t done;  /* POWER_DONE: it is about to go off */
};
