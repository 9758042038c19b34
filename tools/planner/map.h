/* SPDX-License-Identifier: Apache-2.0 */
/* The partition map as data, for plan.txt and plan.svg: who has what, in address order. */
#pragma once

#include "planner.h"

enum map_kind {
	MAP_VM,         /* one VM's */
	MAP_SHARED,     /* several VMs' */
	MAP_HYPERVISOR, /* the hypervisor's own */
	MAP_IMAGES,     /* builtin images and what a boot loader loads */
	MAP_RESERVED,   /* the board's firmware's */
	MAP_FREE,
};

#define MAP_NO_VM UINT32_MAX

struct map_range {
	struct range range;
	enum map_kind kind;
	uint32_t vm;       /* MAP_VM; MAP_NO_VM otherwise */
	uint32_t shmem;    /* MAP_SHARED */
	const char *label; /* without the owner: "regions[0]", "uart1" */
	const char *owner; /* "linux", "hypervisor", "linux, rt" */
};

struct map_irq {
	uint32_t irq;
	enum map_kind kind;
	uint32_t vm;
	const char *label;
	const char *owner;
};

struct map {
	struct map_range *memory; /* RAM, free parts included */
	uint32_t memory_count;
	struct map_range *devices; /* assigned ones and the hypervisor's */
	uint32_t device_count;
	struct map_irq *irqs;
	uint32_t irq_count;
};

struct map map_build(struct planner *p);

/* "CPU", "SPI 8": what an INTID is. */
const char *map_irq_text(struct planner *p, uint32_t irq);
