/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the emulated register. A VM has a handful of windows, in ascending order; a device's table has
 * a few dozen rows at most. No lock.
 */
#include <bao/mmio.h>

#include <bao/arch/inline.h>
#include <bao/arch/vm.h>
#include <bao/cpu.h>
#include <bao/ipc.h>
#include <bao/kconfig.h>
#include <bao/remio.h>
#include <bao/vuart.h>

typedef bool (*window_handler_t)(const struct plan_window *window, struct mmio_access *access);

static bool empty_access(const struct plan_window *window, struct mmio_access *access)
{
	(void)window;
	if (!access->write) {
		access->value = UINT64_MAX;
	}
	return true;
}

/* The planner refuses a configuration with windows of a kind that is not built in. */
static const window_handler_t window_handlers[] = {
	[PLAN_WINDOW_GICD] = arch_irqchip_access,
	[PLAN_WINDOW_GICR] = arch_irqchip_access,
	[PLAN_WINDOW_UART] = IS_ENABLED(CONFIG_VIRTUAL_UART) ? vuart_access : NULL,
	[PLAN_WINDOW_DOORBELL] = IS_ENABLED(CONFIG_IPC) ? ipc_doorbell_access : NULL,
	[PLAN_WINDOW_REMIO] = IS_ENABLED(CONFIG_REMIO) ? remio_access : NULL,
	[PLAN_WINDOW_EMPTY] = empty_access,
};

/* Whatever the device answers, a load gets no more bytes than it asked for. */
static bool access_window(const struct plan_window *window, struct mmio_access *access)
{
	if (!window_handlers[window->kind](window, access)) {
		return false;
	}
	if (!access->write && access->size < sizeof(uint64_t)) {
		access->value &= BIT64(access->size * 8) - 1;
	}
	return true;
}

bool mmio_emulate(uint64_t ipa, struct mmio_access *access)
{
	const struct plan_vm *plan = arch_cpu_self()->vcpu.plan;
	const struct plan_window *window = &plan_windows[plan->window_first];

	for (uint32_t i = 0; i < plan->window_count; i++, window++) {
		if (ipa - window->va < window->size) {
			access->offset = ipa - window->va;
			return access->size <= window->size - access->offset &&
			       access_window(window, access);
		}
	}
	return false;
}

/* The row that holds `offset`; NULL: a hole. */
static const struct mmio_register *find_row(const struct mmio_register *table, size_t rows,
					    uint64_t offset)
{
	size_t low = 0;

	/* Invariant: every row before `low` starts at or below the offset. */
	while (rows > 0) {
		size_t half = rows / 2;

		if (table[low + half].first <= offset) {
			low += half + 1;
			rows -= half + 1;
		} else {
			rows = half;
		}
	}
	if (low == 0 || offset - table[low - 1].first >= table[low - 1].length) {
		return NULL;
	}
	return &table[low - 1];
}

bool mmio_table_access(const struct mmio_register *table, size_t rows, void *context,
		       struct mmio_access *access)
{
	const struct mmio_register *row = find_row(table, rows, access->offset);

	if ((access->offset & (access->size - 1)) != 0) {
		return false;
	}
	if (row == NULL) {
		access->value = 0;
		return true;
	}
	if ((row->sizes & BIT32(access->size)) == 0) {
		return false;
	}
	if (!access->write) {
		access->value = row->read != NULL ? row->read(context, access) : 0;
	} else if (row->write != NULL) {
		row->write(context, access);
	}
	return true;
}
