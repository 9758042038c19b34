/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who claims which addresses: one list for each VM's address space, one for the physical one. The
 * rules about overlaps and the placement work on these lists alone.
 */
#pragma once

#include "planner.h"

enum claim_kind {
	/* VM addresses */
	CLAIM_REGION, /* also a fixed region's physical addresses */
	CLAIM_DEVICE, /* also physical */
	CLAIM_IPC,
	CLAIM_DOORBELL,
	CLAIM_REMIO_WINDOW,
	CLAIM_REMIO_SHMEM,
	CLAIM_CONSOLE,
	CLAIM_CHANNEL_BUS, /* without the functions' pages, which are a region */
	CLAIM_GICD,
	CLAIM_GICR,
	/* Physical addresses */
	CLAIM_HYPERVISOR,
	CLAIM_IMAGES,
	CLAIM_RESERVED,
	CLAIM_HYP_DEVICE,
	CLAIM_SHMEM,
	CLAIM_LOADED, /* put in RAM by a boot loader */
};

#define CLAIM_NO_VM UINT32_MAX

struct claim {
	enum claim_kind kind;
	struct range range;
	uint32_t vm;       /* CLAIM_NO_VM: not a VM's */
	const char *where; /* "linux: devs[2]" */
	const char *owner; /* "devs[2] of linux" */
};

struct claims {
	struct claim *items;
	size_t count;
	size_t capacity;
};

void claims_add(struct planner *p, struct claims *claims, struct claim claim);

/* A VM's address space; ranges as written, aligned or not. */
struct claims claims_vm(struct planner *p, const struct model_vm *vm);

/* What is fixed in physical memory before the planner places anything. RAM only, whole pages. */
struct claims claims_physical(struct planner *p);

/* Whether the physical range lies in one bank of the board's RAM; overlaps any of them. */
bool ram_contains(const struct board *machine, struct range range);
bool ram_overlaps(const struct board *machine, struct range range);
