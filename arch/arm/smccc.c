/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guest calls by owner: the architecture's own, PSCI, and the vendor-specific hypervisor service, which
 * is ours. Everything else, the firmware's services included, does not exist for a guest. No lock.
 */
#include <arm/smccc.h>

#include <stddef.h>

#include <abi/bao.h>
#include <arm/psci.h>
#include <bao/hypercall.h>
#include <bao/util.h>

#define SMCCC_VERSION_1_1 UINT64_C(0x10001)
#define SMCCC_ARCH_FEATURES_ID UINT32_C(0x80000001)
#define OWNERS 64u
#define OWNER_ARCH 0u
#define OWNER_STANDARD_SECURE 4u
#define OWNER_VENDOR_HYP 6u

static void arch_service(uint32_t id, uint64_t *x)
{
	switch (id) {
	case SMCCC_VERSION_ID:
		x[0] = SMCCC_VERSION_1_1;
		break;
	case SMCCC_ARCH_FEATURES_ID:
		/* Version and features themselves exist; no workaround does. */
		x[0] = (uint32_t)x[1] == SMCCC_VERSION_ID ||
				       (uint32_t)x[1] == SMCCC_ARCH_FEATURES_ID
			       ? 0
			       : SMCCC_NOT_SUPPORTED;
		break;
	default:
		x[0] = SMCCC_NOT_SUPPORTED;
		break;
	}
}

static void standard_secure_service(uint32_t id, uint64_t *x)
{
	x[0] = psci_handle(id, x);
}

static void bao_hypercall(uint32_t id, uint64_t *x)
{
	struct hypercall_results results = { .count = 0 };
	uint64_t arguments[HYPERCALL_ARGUMENTS];
	int64_t code;

	/* A 32-bit call passes the lower halves only. */
	for (uint32_t i = 0; i < HYPERCALL_ARGUMENTS; i++) {
		arguments[i] = (id & SMCCC_64) != 0 ? x[1 + i] : (uint32_t)x[1 + i];
	}
	code = hypercall(SMCCC_FUNCTION(id), arguments, &results);
	x[0] = (uint64_t)code;
	for (uint32_t i = 0; i < results.count; i++) {
		x[1 + i] = results.values[i];
	}
}

static void vendor_hyp_service(uint32_t id, uint64_t *x)
{
	switch (id) {
	case BAO_SMCCC_CALL_UID:
		x[0] = BAO_UID_0;
		x[1] = BAO_UID_1;
		x[2] = BAO_UID_2;
		x[3] = BAO_UID_3;
		break;
	case BAO_SMCCC_REVISION:
		x[0] = BAO_REVISION_MAJOR;
		x[1] = BAO_REVISION_MINOR;
		break;
	default:
		bao_hypercall(id, x);
		break;
	}
}

static void (*const services[OWNERS])(uint32_t id, uint64_t *x) = {
	[OWNER_ARCH] = arch_service,
	[OWNER_STANDARD_SECURE] = standard_secure_service,
	[OWNER_VENDOR_HYP] = vendor_hyp_service,
};

void smccc_handle(uint64_t *x)
{
	uint32_t id = (uint32_t)x[0];
	void (*service)(uint32_t, uint64_t *) = services[SMCCC_OWNER(id)];

	if ((id & SMCCC_FAST) != 0 && service != NULL) {
		service(id, x);
	} else {
		x[0] = SMCCC_NOT_SUPPORTED;
	}
}
