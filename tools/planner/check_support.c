/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about what this build of the hypervisor can do: a field that would have no effect is an
 * error.
 */
#include "planner.h"

static void check_colors(struct planner *p, const char *where, colormap_t colors)
{
	if (colors != 0) {
		REPORT(p, COLORS_UNSUPPORTED, where,
		       "cache colours 0x%llx are asked for, but this build of the hypervisor has "
		       "no cache "
		       "colouring; set colors to 0",
		       (unsigned long long)colors);
	}
}

static void check_hyp(struct planner *p)
{
	const struct config *wanted = p->inputs.config;

	check_colors(p, "config: hyp", wanted->hyp.colors);
	if (wanted->hyp.relocate || wanted->hyp.base_addr != 0 || wanted->hyp.data_relocate ||
	    wanted->hyp.data_addr != 0) {
		REPORT(p, HYP_RELOCATE_UNSUPPORTED, "config: hyp",
		       "relocate, base_addr, data_relocate and data_addr are for platforms "
		       "without an MMU; "
		       "leave them out, and choose the hypervisor's address with HYP_BASE in "
		       "menuconfig");
	}
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		check_colors(p, p->model.shmems[i].where, p->model.shmems[i].config.colors);
	}
}

static void check_architecture(struct planner *p, const struct model_vm *vm)
{
	const struct arch_vm_platform *arch = &vm->config.platform.arch;

	if (vm->config.platform.mmu) {
		REPORT(p, MMU_UNSUPPORTED, arena_printf(&p->arena, "%s: platform.mmu", vm->name),
		       "it is for Armv8-R AArch64, where a VM chooses between MMU and MPU; leave "
		       "it out");
	}
	if (arch->irqc.plic.base != 0 || arch->irqc.aia.aplic.base != 0 ||
	    arch->irqc.aia.imsic.base != 0) {
		REPORT(p, IRQC_UNSUPPORTED,
		       arena_printf(&p->arena, "%s: platform.arch.irqc", vm->name),
		       "this board's interrupt controller is a GIC, not a PLIC or AIA; set "
		       "platform.arch.gic instead");
	}
	if (arch->smmu.global_mask != 0 || arch->smmu.group_num != 0) {
		REPORT(p, SMMU_UNSUPPORTED,
		       arena_printf(&p->arena, "%s: platform.arch.smmu", vm->name),
		       "this build of the hypervisor does not program an SMMU, so these stream "
		       "ids would not "
		       "confine anything; leave smmu out, and pass no device that can master the "
		       "bus to a VM "
		       "that is not trusted");
	}
}

static void check_feature(struct planner *p, bool there, bool used, const char *where,
			  const char *what, const char *symbol)
{
	if (used && !there) {
		REPORT(p, FEATURE_OFF, where,
		       "%s but the hypervisor is built without; switch %s on in "
		       "menuconfig, or leave it out",
		       what, symbol);
	}
}

static void check_features(struct planner *p, const struct model_vm *vm)
{
	const struct settings *settings = &p->inputs.settings;

	check_feature(p, settings->ipc, vm->config.platform.ipc_num != 0,
		      arena_printf(&p->arena, "%s: ipcs", vm->name),
		      "the VM has shared-memory channels", "IPC");
	check_feature(p, settings->remio, vm->config.platform.remio_dev_num != 0,
		      arena_printf(&p->arena, "%s: remio_devs", vm->name),
		      "the VM has remote I/O devices", "REMIO");
	check_feature(p, settings->virtual_uart, vm->config.console.base != 0,
		      arena_printf(&p->arena, "%s: console", vm->name), "the VM has a virtual UART",
		      "VIRTUAL_UART");
}

static void check_enums(struct planner *p, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;

	if ((unsigned int)vm->config.on_fault > VM_ON_FAULT_RESTART) {
		REPORT(p, ENUM_INVALID, arena_printf(&p->arena, "%s: on_fault", vm->name),
		       "%d means nothing; use VM_ON_FAULT_INJECT, VM_ON_FAULT_HALT or "
		       "VM_ON_FAULT_RESTART",
		       (int)vm->config.on_fault);
	}
	if (vm->config.irq_delivery != VM_IRQ_VIRTUAL) {
		REPORT(p, IRQ_DELIVERY_UNSUPPORTED,
		       arena_printf(&p->arena, "%s: irq_delivery", vm->name),
		       "this build of the hypervisor has virtual delivery only; set "
		       "VM_IRQ_VIRTUAL or leave "
		       "it out");
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		if ((unsigned int)platform->remio_devs[i].type > REMIO_DEV_BACKEND) {
			REPORT(p, ENUM_INVALID, where_text(p, vm, "remio_devs", i),
			       "type %d means nothing; use REMIO_DEV_FRONTEND or REMIO_DEV_BACKEND",
			       (int)platform->remio_devs[i].type);
		}
	}
}

void check_support(struct planner *p)
{
	check_hyp(p);
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];
		const struct vm_platform *platform = &vm->config.platform;

		check_colors(p, arena_printf(&p->arena, "%s: colors", vm->name), vm->config.colors);
		for (size_t i = 0; i < platform->region_num; i++) {
			check_colors(p, where_text(p, vm, "regions", i),
				     platform->regions[i].colors);
		}
		check_architecture(p, vm);
		check_features(p, vm);
		check_enums(p, vm);
	}
}
