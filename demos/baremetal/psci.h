/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls to what runs below the guest: PSCI (DEN 0022) for power, and any other call that follows the
 * SMC Calling Convention (DEN 0028), through HVC or SMC.
 */
#pragma once

#include <stdint.h>

struct smccc_result {
	uint64_t x[8];
};

/* `function` and up to six arguments in x0..x6. */
struct smccc_result smccc_hvc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
			      uint64_t a5, uint64_t a6);
struct smccc_result smccc_smc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
			      uint64_t a5, uint64_t a6);

#define SMCCC_VERSION 0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define SMCCC_NOT_SUPPORTED (-1)

#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_SUSPEND 0xc4000001u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0xc4000003u
#define PSCI_AFFINITY_INFO 0xc4000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES 0x8400000au
#define PSCI_SYSTEM_RESET2 0xc4000012u

#define PSCI_SUCCESS 0
#define PSCI_NOT_SUPPORTED (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED (-3)
#define PSCI_ALREADY_ON (-4)
#define PSCI_ON_PENDING (-5)
#define PSCI_INVALID_ADDRESS (-9)

#define PSCI_AFFINITY_ON 0
#define PSCI_AFFINITY_OFF 1

/* A PSCI call with up to three arguments; its result as the signed 32-bit number it is. */
int32_t psci_call(uint32_t function, uint64_t a1, uint64_t a2, uint64_t a3);

int32_t psci_cpu_on(uint32_t id, uintptr_t entry, uint64_t argument);
int32_t psci_affinity_info(uint32_t id);
_Noreturn void psci_cpu_off(void);
_Noreturn void psci_system_off(void);
_Noreturn void psci_system_reset(void);
