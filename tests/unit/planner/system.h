/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A system that tests build and break: a small board, two VMs with a channel, and the files they
 * need in a folder of the test's own. Everything in it may be changed before it is run.
 */
#pragma once

#include "planner.h"

#define SYSTEM_VMS 4
#define SYSTEM_LIST 6 /* room in each list of a VM */

#define IMAGE_SIZE 0x5000u
#define KERNEL_FILE_SIZE 0x3000u
#define KERNEL_MEMORY_SIZE 0x80000u

enum system_image {
	IMAGE_PLAIN,
	IMAGE_KERNEL,
	IMAGE_EMPTY,
	IMAGE_ABSENT,
	IMAGE_OTHER,
	IMAGE_COUNT
};

struct system_vm {
	struct vm_mem_region regions[SYSTEM_LIST];
	struct vm_dev_region devs[SYSTEM_LIST];
	struct ipc ipcs[SYSTEM_LIST];
	struct remio_dev remios[SYSTEM_LIST];
	irqid_t irqs[16]; /* for the lists above to point to */
};

struct system {
	/* The board */
	struct board board;
	uint64_t hw_ids[65];
	struct board_memory memories[3];
	struct board_reserved reserved[2];
	struct board_device devices[8];
	uint32_t device_irqs[8];

	/* The configuration */
	struct config config;
	struct shmem shmems[4];
	struct vm_config vms[SYSTEM_VMS];
	struct system_vm lists[SYSTEM_VMS];
	struct config_image_record records[IMAGE_COUNT];
	const struct config_image_record *record_pointers[IMAGE_COUNT];

	struct planner planner;
};

/* Makes the files in a new folder, and removes them. Once per program. */
void system_files_create(void);
void system_files_remove(void);

/* Path of a file in that folder; what it points to lasts as long as the program. */
const char *system_path(const char *name);
void system_file_write(const char *name, const void *data, size_t size);

/* A correct system; `vm 0` is linux, with 2 vCPUs, `vm 1` rt. Free with system_free(). */
struct system *system_new(void);
bool system_run(struct system *s);
void system_free(struct system *s);

uint64_t image_offset(enum system_image image);
uint64_t image_size(enum system_image image);

/* A further VM of one region, with one vCPU; its lists are empty otherwise. */
struct vm_config *system_add_vm(struct system *s, const char *name);

/* Appends to a VM's lists. */
struct vm_mem_region *system_add_region(struct system *s, unsigned int vm, uint64_t base,
					uint64_t size);
struct vm_dev_region *system_add_device(struct system *s, unsigned int vm, uint64_t address,
					uint64_t size, irqid_t irq);
struct ipc *system_add_ipc(struct system *s, unsigned int vm, uint64_t base, irqid_t irq);
struct remio_dev *system_add_remio(struct system *s, unsigned int vm, enum remio_dev_type type,
				   remio_bind_key_t key, irqid_t irq);

/* The first report line of the rule that contains all the texts; NULL if there is none. */
const char *system_find(const struct system *s, enum rule rule, const char *first,
			const char *second);

/* Prints what was reported, for a test that fails. */
void system_print(const struct system *s);
