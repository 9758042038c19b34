/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI calls to the firmware (DEN 0022), by SMC as seen from EL2. */
#include <arm/firmware.h>

#include <arm/psci.h>

static uint64_t smc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a1;
	register uint64_t x2 __asm__("x2") = a2;
	register uint64_t x3 __asm__("x3") = a3;

	/* SMCCC 1.0 firmware may change x4-x17; later versions keep them. */
	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			 :
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
			   "x15", "x16", "x17", "memory");
	return x0;
}

int64_t firmware_cpu_on(uint64_t affinity, uint64_t entry, uint64_t context)
{
	return (int64_t)(int32_t)smc(PSCI_FN_64 | PSCI_CPU_ON, affinity, entry, context);
}

void firmware_cpu_off(void)
{
	(void)smc(PSCI_FN_32 | PSCI_CPU_OFF, 0, 0, 0);
}

void firmware_system_off(void)
{
	(void)smc(PSCI_FN_32 | PSCI_SYSTEM_OFF, 0, 0, 0);
}
