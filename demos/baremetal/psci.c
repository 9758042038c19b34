/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI and SMCCC calls: the instruction itself, and the power functions a small guest needs. */

#include "psci.h"

#include "cpu.h"

#define SMCCC_CALL(instruction)                                                                    \
	register uint64_t x0 __asm__("x0") = function;                                             \
	register uint64_t x1 __asm__("x1") = a1;                                                   \
	register uint64_t x2 __asm__("x2") = a2;                                                   \
	register uint64_t x3 __asm__("x3") = a3;                                                   \
	register uint64_t x4 __asm__("x4") = a4;                                                   \
	register uint64_t x5 __asm__("x5") = a5;                                                   \
	register uint64_t x6 __asm__("x6") = a6;                                                   \
	register uint64_t x7 __asm__("x7") = 0;                                                    \
	__asm__ volatile(instruction                                                               \
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6),   \
			   "+r"(x7)                                                                \
			 :                                                                         \
			 : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",     \
			   "memory");                                                              \
	return (struct smccc_result)                                                               \
	{                                                                                          \
		{                                                                                  \
			x0, x1, x2, x3, x4, x5, x6, x7                                             \
		}                                                                                  \
	}

struct smccc_result smccc_hvc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
			      uint64_t a5, uint64_t a6)
{
	SMCCC_CALL("hvc #0");
}

struct smccc_result smccc_smc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
			      uint64_t a5, uint64_t a6)
{
	SMCCC_CALL("smc #0");
}

int32_t psci_call(uint32_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	return (int32_t)smccc_hvc(function, a1, a2, a3, 0, 0, 0).x[0];
}

int32_t psci_cpu_on(uint32_t id, uintptr_t entry, uint64_t argument)
{
	return psci_call(PSCI_CPU_ON, id, entry, argument);
}

int32_t psci_affinity_info(uint32_t id)
{
	return psci_call(PSCI_AFFINITY_INFO, id, 0, 0);
}

/* The three calls below don't return; should one, there is nothing to do but sleep. */
static _Noreturn void psci_final(uint32_t function)
{
	(void)psci_call(function, 0, 0, 0);
	for (;;) {
		cpu_wait();
	}
}

void psci_cpu_off(void)
{
	psci_final(PSCI_CPU_OFF);
}

void psci_system_off(void)
{
	psci_final(PSCI_SYSTEM_OFF);
}

void psci_system_reset(void)
{
	psci_final(PSCI_SYSTEM_RESET);
}
