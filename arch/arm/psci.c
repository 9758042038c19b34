/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PSCI for guests: power control of a VM's own vCPUs, and of the VM as if it were the machine. One row
 * per function. No lock. Entered from smccc.c.
 */
#include <arm/psci.h>

#include <stdbool.h>
#include <stddef.h>

#include <arm/affinity.h>
#include <arm/smccc.h>
#include <arm/vgic/vgic.h>
#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/util.h>
#include <bao/vcpu.h>
#include <bao/vm.h>

struct psci_row {
	uint64_t (*call)(const uint64_t *x);
	bool has_64; /* exists as SMC64 too, with 64-bit arguments */
};

#define SUSPEND_POWER_DOWN BIT64(16)
#define SUSPEND_RESERVED UINT64_C(0xfcfe0000) /* original power_state format */
#define RESET2_VENDOR BIT64(31)

/* The vCPU of this VM that a call names. */
static bool named_vcpu(uint64_t affinity, uint32_t *id)
{
	return affinity_to_vcpu(arch_cpu_self()->vcpu.plan, affinity, id);
}

/* Whether the VM could execute there. */
static bool is_entry(uint64_t address)
{
	const struct plan_vm *plan = arch_cpu_self()->vcpu.plan;

	for (uint32_t i = 0; i < plan->extent_count; i++) {
		const struct plan_extent *extent = &plan_extents[plan->extent_first + i];

		if (extent->kind == PLAN_MEMORY_RAM && address - extent->va < extent->size) {
			return (address & 3) == 0;
		}
	}
	return false;
}

static uint64_t version(const uint64_t *x)
{
	(void)x;
	return PSCI_VERSION_1_1;
}

static uint64_t cpu_suspend(const uint64_t *x)
{
	bool power_down = (x[1] & SUSPEND_POWER_DOWN) != 0;
	struct vcpu *vcpu = &arch_cpu_self()->vcpu;

	if ((x[1] & SUSPEND_RESERVED) != 0) {
		return PSCI_INVALID_PARAMETERS;
	}
	if (power_down && !is_entry(x[2])) {
		return PSCI_INVALID_ADDRESS;
	}
	if (!vgic_has_pending()) {
		arch_wait_for_interrupt();
	}
	if (power_down) {
		/* What is in list registers goes back first: the reset empties them. */
		arch_vcpu_stop();
		vcpu->start_entry = x[2];
		vcpu->start_argument = x[3];
		arch_call_on_empty_stack(vcpu_enter_fresh);
	}
	return PSCI_SUCCESS;
}

static uint64_t cpu_off(const uint64_t *x)
{
	(void)x;
	vcpu_off();
}

static uint64_t cpu_on(const uint64_t *x)
{
	uint32_t id;

	if (!named_vcpu(x[1], &id)) {
		return PSCI_INVALID_PARAMETERS;
	}
	if (!is_entry(x[2])) {
		return PSCI_INVALID_ADDRESS;
	}
	switch (vcpu_start(id, x[2], x[3])) {
	case VCPU_START_OK:
		return PSCI_SUCCESS;
	case VCPU_START_ALREADY_ON:
		return PSCI_ALREADY_ON;
	case VCPU_START_PENDING:
		return PSCI_ON_PENDING;
	default:
		return PSCI_DENIED;
	}
}

static uint64_t affinity_info(const uint64_t *x)
{
	uint32_t id;

	/* Only the lowest affinity level: DEN 0022 lets 1.0 and later refuse the others. */
	if (x[2] != 0 || !named_vcpu(x[1], &id)) {
		return PSCI_INVALID_PARAMETERS;
	}
	switch (vcpu_state_of(id)) {
	case VCPU_ON:
		return PSCI_AFFINITY_ON;
	case VCPU_STARTING:
		return PSCI_AFFINITY_ON_PENDING;
	default:
		return PSCI_AFFINITY_OFF;
	}
}

static uint64_t migrate_info_type(const uint64_t *x)
{
	(void)x;
	return PSCI_TRUSTED_OS_NOT_PRESENT;
}

static uint64_t system_off(const uint64_t *x)
{
	(void)x;
	vm_stop(VM_STOP_HALT, "powered off");
}

static uint64_t system_reset(const uint64_t *x)
{
	(void)x;
	vm_stop(VM_STOP_RESTART, "reset");
}

static uint64_t system_reset2(const uint64_t *x)
{
	/* SYSTEM_WARM_RESET is the only architectural type; vendor types are not ours. */
	if ((x[1] & RESET2_VENDOR) != 0 || x[1] != 0) {
		return PSCI_INVALID_PARAMETERS;
	}
	vm_stop(VM_STOP_RESTART, "warm reset");
}

static uint64_t features(const uint64_t *x);

static const struct psci_row rows[] = {
	[PSCI_VERSION] = { version, false },
	[PSCI_CPU_SUSPEND] = { cpu_suspend, true },
	[PSCI_CPU_OFF] = { cpu_off, false },
	[PSCI_CPU_ON] = { cpu_on, true },
	[PSCI_AFFINITY_INFO] = { affinity_info, true },
	[PSCI_MIGRATE_INFO_TYPE] = { migrate_info_type, false },
	[PSCI_SYSTEM_OFF] = { system_off, false },
	[PSCI_SYSTEM_RESET] = { system_reset, false },
	[PSCI_FEATURES] = { features, false },
	[PSCI_SYSTEM_RESET2] = { system_reset2, true },
};

/* NULL: no such function. */
static const struct psci_row *find_row(uint32_t id)
{
	uint32_t number = SMCCC_FUNCTION(id);
	bool is_64 = (id & ~UINT32_C(0xffff)) == PSCI_FN_64;

	if ((!is_64 && (id & ~UINT32_C(0xffff)) != PSCI_FN_32) || number >= ARRAY_SIZE(rows) ||
	    rows[number].call == NULL || (is_64 && !rows[number].has_64)) {
		return NULL;
	}
	return &rows[number];
}

static uint64_t features(const uint64_t *x)
{
	uint32_t id = (uint32_t)x[1];

	/* No feature flags: the original power_state format, platform-coordinated. */
	return find_row(id) != NULL || id == SMCCC_VERSION_ID ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED;
}

uint64_t psci_handle(uint32_t id, const uint64_t *x)
{
	const struct psci_row *row = find_row(id);
	uint64_t narrow[4];

	if (row == NULL) {
		return PSCI_NOT_SUPPORTED;
	}
	if ((id & SMCCC_64) != 0) {
		return row->call(x);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(narrow); i++) {
		narrow[i] = (uint32_t)x[i];
	}
	return row->call(narrow);
}
