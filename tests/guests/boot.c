/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts every vCPU the VM has, as PSCI tells how many that is. Each says who it is and in which state
 * it arrived; then the VM switches itself off.
 */
#include <stdatomic.h>

#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/psci.h>

#include "suite.h"

static _Atomic uint32_t arrived;

/* CurrentEL.EL, and whether MMU and caches are off as PSCI (DEN 0022) wants it. */
static void report(uint64_t sctlr, uint64_t argument)
{
	print("vcpu %u: MPIDR 0x%lx, EL%lu, MMU and caches %s, argument 0x%lx\n", cpu_id(),
	      cpu_read(MPIDR_EL1), cpu_read(CurrentEL) >> 2, (sctlr & 0x1005) == 0 ? "off" : "on",
	      argument);
}

static void secondary(uint64_t argument)
{
	uint64_t sctlr = cpu_read(SCTLR_EL1);

	suite_start_secondary();
	report(sctlr, argument);
	atomic_fetch_add(&arrived, 1);
	psci_cpu_off();
}

void guest_main(uint64_t device_tree)
{
	uint64_t sctlr = cpu_read(SCTLR_EL1);
	uint32_t count = 1;

	suite_start(0);
	report(sctlr, device_tree);
	while (psci_affinity_info(count) == PSCI_AFFINITY_OFF) {
		if (!cpu_start(count, secondary, 0x1000 + count)) {
			print("vcpu %u: CPU_ON refused\n", count);
		}
		count++;
	}
	while (atomic_load(&arrived) != count - 1) {
	}
	print("all %u vcpus up\n", count);
	psci_system_off();
}
