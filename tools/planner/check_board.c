/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the board's description and about where Kconfig puts the hypervisor on it. */
#include "claims.h"

#define MIN_PA_BITS 32u
#define MAX_PA_BITS 48u
/* The hypervisor's map shows VM memory in the upper half of 48 bits. */
#define MAX_HYP_BITS 47u

static void check_cpus_of(struct planner *p, const struct board *machine)
{
	if (machine->cpu_count == 0 || machine->cpu_count > MAX_CPUS ||
	    machine->cpu_hw_ids == NULL) {
		REPORT(p, BOARD_INVALID, "board: cpu_count",
		       "%u CPUs%s; describe 1 to %u CPUs and the hardware id of each",
		       machine->cpu_count, machine->cpu_hw_ids == NULL ? " and no cpu_hw_ids" : "",
		       MAX_CPUS);
	}
	if (machine->pa_bits < MIN_PA_BITS || machine->pa_bits > MAX_PA_BITS) {
		REPORT(p, BOARD_INVALID, "board: pa_bits", "%u physical address bits; use %u to %u",
		       machine->pa_bits, MIN_PA_BITS, MAX_PA_BITS);
	}
}

static void check_memories(struct planner *p, const struct board *machine)
{
	if (machine->memory_count == 0) {
		REPORT(p, BOARD_INVALID, "board: memories", "the board has no RAM; add its banks");
	}
	for (uint32_t i = 0; i < machine->memory_count; i++) {
		struct range bank = { machine->memories[i].base, machine->memories[i].size };
		const char *where = arena_printf(&p->arena, "board: memories[%u]", i);

		if (bank.size == 0 || !range_valid(bank) ||
		    !is_aligned(bank.base | bank.size, PAGE_SIZE)) {
			REPORT(p, BOARD_INVALID, where,
			       "base 0x%llx, size 0x%llx; use whole pages of 0x1000 bytes",
			       (unsigned long long)bank.base, (unsigned long long)bank.size);
		} else if (machine->pa_bits < 64 && range_last(bank) >> machine->pa_bits != 0) {
			REPORT(p, BOARD_INVALID, where,
			       "%s reaches beyond the board's %u physical address bits; mend one "
			       "of them",
			       range_text(p, bank), machine->pa_bits);
		} else if (range_last(bank) >> MAX_HYP_BITS != 0) {
			REPORT(p, BOARD_INVALID, where,
			       "%s reaches beyond the %u bits the hypervisor can map; leave that "
			       "part out",
			       range_text(p, bank), MAX_HYP_BITS);
		}
		for (uint32_t n = 0; n < i; n++) {
			struct range other = { machine->memories[n].base,
					       machine->memories[n].size };

			if (range_overlaps(bank, other)) {
				REPORT(p, BOARD_INVALID, where,
				       "%s overlaps memories[%u], %s; mend one of them",
				       range_text(p, bank), n, range_text(p, other));
			}
		}
	}
}

static void check_hyp_device(struct planner *p, const char *field, uint64_t base, uint64_t size)
{
	const char *where = arena_printf(&p->arena, "board: %s", field);

	if (size == 0 || !range_valid((struct range){ base, size }) ||
	    !is_aligned(base | size, PAGE_SIZE)) {
		REPORT(p, BOARD_INVALID, where,
		       "base 0x%llx, size 0x%llx; use whole pages of 0x1000 bytes",
		       (unsigned long long)base, (unsigned long long)size);
	} else if (ram_overlaps(p->inputs.board, (struct range){ base, size })) {
		REPORT(p, BOARD_INVALID, where,
		       "%s overlaps the board's memories; mend one of them",
		       range_text(p, (struct range){ base, size }));
	}
}

static void check_interrupt_controller(struct planner *p, const struct board *machine)
{
	const struct board_gic *gic = &machine->gic;

	if (gic->version != 3) {
		REPORT(p, BOARD_INVALID, "board: gic.version",
		       "version %u; this build drives version 3 only, choose a board that has it",
		       gic->version);
		return;
	}
	check_hyp_device(p, "gic.gicd", gic->gicd, gic->gicd_size);
	check_hyp_device(p, "gic.gicr", gic->gicr, gic->gicr_size);
	if (gic->gicr_size < machine->cpu_count * GICR_FRAME_SIZE) {
		REPORT(p, BOARD_INVALID, "board: gic.gicr_size",
		       "0x%llx bytes hold no redistributor for each of %u CPUs; 0x20000 bytes "
		       "per CPU are needed",
		       (unsigned long long)gic->gicr_size, machine->cpu_count);
	}
	if (gic->interrupt_count <= FIRST_SPI || gic->interrupt_count > MAX_INTERRUPTS) {
		REPORT(p, BOARD_INVALID, "board: gic.interrupt_count", "%u; use %u to %u",
		       gic->interrupt_count, FIRST_SPI + 1, MAX_INTERRUPTS);
	}
	if (gic->maintenance_irq < FIRST_PPI || gic->maintenance_irq >= FIRST_SPI) {
		REPORT(p, BOARD_INVALID, "board: gic.maintenance_irq", "%u is no PPI; use %u to %u",
		       gic->maintenance_irq, FIRST_PPI, FIRST_SPI - 1);
	}
}

static void check_hypervisor_area(struct planner *p)
{
	const struct settings *settings = &p->inputs.settings;
	struct range area = { settings->hyp_base, settings->hyp_size };

	if (area.size == 0 || !is_aligned(area.base | area.size, PAGE_SIZE)) {
		REPORT(p, HYP_AREA, "hypervisor",
		       "HYP_BASE 0x%llx and HYP_SIZE 0x%llx must be whole pages of 0x1000 bytes; "
		       "change them in "
		       "menuconfig",
		       (unsigned long long)area.base, (unsigned long long)area.size);
	} else if (!ram_contains(p->inputs.board, area)) {
		REPORT(p, HYP_AREA, "hypervisor",
		       "%s (HYP_BASE, HYP_SIZE) does not lie in one bank of the RAM of board %s; "
		       "change HYP_BASE "
		       "or HYP_SIZE in menuconfig",
		       range_text(p, area), p->inputs.board->name);
	}
}

void check_board(struct planner *p)
{
	const struct board *machine = p->inputs.board;

	check_cpus_of(p, machine);
	check_memories(p, machine);
	check_interrupt_controller(p, machine);
	check_hyp_device(p, "uart", machine->uart.base, machine->uart.size);
	check_hypervisor_area(p);
}
