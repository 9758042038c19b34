/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: what it knows about a linked system, and its checks. audit_run() is the order of the
 * checks; docs/audit.md lists every rule. Nothing here is the planner's: an error of the planner
 * must not be able to hide itself.
 */
#pragma once

#include "elf_image.h"
#include "map_list.h"
#include "plan_tables.h"
#include "report.h"

#include <inttypes.h>

#define HEX "0x%" PRIx64

/* "VM linux" */
struct vm_label {
	char text[PLAN_NAME_SIZE + 4];
};

/* A VM: its rows, and what its tables map. */
struct audit_vm {
	const struct plan_vm *plan;
	struct vm_label label;
	const struct plan_extent *extents;
	const struct plan_load *loads;
	const struct plan_window *windows;
	const struct plan_ipc *ipcs;
	struct map_list stage2; /* IPA to PA, as walked */
	struct map_list loader; /* the hypervisor's VA to PA while this VM is loaded, as walked */
};

struct audit {
	struct report report;
	struct elf_image elf;
	struct plan_tables plan;
	struct audit_vm *vms; /* plan.system.vm_count; owned */
	struct map_list hyp;  /* the hypervisor's VA to PA, as walked */

	/* For the last line. */
	uint64_t frame_count; /* pages that VMs reach, each counted once */
	uint32_t interrupt_count;
	uint32_t cpu_count; /* CPUs with a VM */
};

/*
 * Audits the bytes of a linked ELF file. True: isolated, and everything else docs/audit.md lists
 * holds; else audit->report says what does not. audit_free() it either way.
 */
bool audit_run(struct audit *audit, const uint8_t *bytes, uint64_t size)
	__attribute__((warn_unused_result));

void audit_free(struct audit *audit);

/* ---- the checks, in their order; each adds findings and one line per proof ------------------- */

void check_elf(struct audit *audit);      /* check_elf.c: the file against the plan's areas */
void check_sections(struct audit *audit); /* check_elf.c: the section table against the file */
void check_maps(struct audit *audit);     /* check_maps.c: builds, walks and compares all tables */
void check_frames(struct audit *audit);   /* check_frames.c: who reaches what */
void check_cpus(struct audit *audit);     /* check_cpus.c */
void check_interrupts(struct audit *audit); /* check_interrupts.c */
void check_loads(struct audit *audit);      /* check_loads.c */
void check_windows(struct audit *audit);    /* check_windows.c */
void check_channels(struct audit *audit);   /* check_channels.c: shared memory, remote I/O */

/* ---- shared by them -------------------------------------------------------------------------- */

/* Whether a VM owns an interrupt. */
bool vm_owns_irq(const struct plan_vm *vm, uint32_t irq);

/* The VM that owns an interrupt of which there is one in the system; NULL: none. */
const struct audit_vm *irq_owner(const struct audit *audit, uint32_t irq);

/* Whether every byte of [pa, pa + size) is in the VM's RAM, in one or several extents. */
bool vm_ram_holds(const struct audit_vm *vm, uint64_t pa, uint64_t size);
