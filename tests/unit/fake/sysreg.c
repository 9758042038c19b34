/* SPDX-License-Identifier: Apache-2.0 */
/* System registers that only hold what was written, for tests without the virtual CPU interface. */
#include <arm/aarch64/sysreg.h>

#include <bao/arch/inline.h>
#include <bao/cpu.h>

static uint64_t values[PLAN_CPU_COUNT][FAKE_SYSREG_COUNT];

uint64_t fake_sysreg_read(enum fake_sysreg reg)
{
	return values[fake_self->id][reg];
}

void fake_sysreg_write(enum fake_sysreg reg, uint64_t value)
{
	values[fake_self->id][reg] = value;
}
