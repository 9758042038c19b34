/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power State Coordination Interface, DEN 0022 (issue E, PSCI 1.1): ids and results shared by the
 * guests' implementation (psci.c) and our own calls to the firmware (firmware.c).
 */
#pragma once

#include <stdint.h>

#define PSCI_VERSION_1_1 UINT64_C(0x00010001)

#define PSCI_FN_32 UINT32_C(0x84000000)
#define PSCI_FN_64 UINT32_C(0xc4000000)

enum psci_function {
	PSCI_VERSION = 0,
	PSCI_CPU_SUSPEND = 1,
	PSCI_CPU_OFF = 2,
	PSCI_CPU_ON = 3,
	PSCI_AFFINITY_INFO = 4,
	PSCI_MIGRATE = 5,
	PSCI_MIGRATE_INFO_TYPE = 6,
	PSCI_SYSTEM_OFF = 8,
	PSCI_SYSTEM_RESET = 9,
	PSCI_FEATURES = 10,
	PSCI_SYSTEM_RESET2 = 18,
};

#define PSCI_SUCCESS UINT64_C(0)
#define PSCI_ERROR(code) ((uint64_t)(int64_t)(code))
#define PSCI_NOT_SUPPORTED PSCI_ERROR(-1)
#define PSCI_INVALID_PARAMETERS PSCI_ERROR(-2)
#define PSCI_DENIED PSCI_ERROR(-3)
#define PSCI_ALREADY_ON PSCI_ERROR(-4)
#define PSCI_ON_PENDING PSCI_ERROR(-5)
#define PSCI_INVALID_ADDRESS PSCI_ERROR(-9)

/* AFFINITY_INFO results; MIGRATE_INFO_TYPE: no trusted OS, so nothing to migrate. */
#define PSCI_AFFINITY_ON UINT64_C(0)
#define PSCI_AFFINITY_OFF UINT64_C(1)
#define PSCI_AFFINITY_ON_PENDING UINT64_C(2)
#define PSCI_TRUSTED_OS_NOT_PRESENT UINT64_C(2)

/* A guest's call `id` with arguments x[1..3]; returns x0. May not return. */
uint64_t psci_handle(uint32_t id, const uint64_t *x);
