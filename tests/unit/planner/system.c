/* SPDX-License-Identifier: Apache-2.0 */
/* The system of system.h: board, files and a correct configuration. */
#include "system.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* ---- files ----------------------------------------------------------------------------------- */

const char *system_path(const char *name)
{
	static char paths[64][128];
	static unsigned int used;

	for (unsigned int i = 0; i < used; i++) {
		if (strcmp(strrchr(paths[i], '/') + 1, name) == 0) {
			return paths[i];
		}
	}
	snprintf(paths[used], sizeof(paths[used]), "%s/%s", folder, name);
	return paths[used++];
}

void system_file_write(const char *name, const void *data, size_t size)
{
	FILE *stream = fopen(system_path(name), "wb");

	if (stream == NULL || fwrite(data, 1, size, stream) != size || fclose(stream) != 0) {
		perror(name);
		exit(1);
	}
}

/* The header of an arm64 kernel that needs more memory than its file has. */
static void write_kernel(void)
{
	uint8_t kernel[KERNEL_FILE_SIZE] = { 0 };

	for (unsigned int i = 0; i < 8; i++) {
		kernel[16 + i] = (uint8_t)((uint64_t)KERNEL_MEMORY_SIZE >> (8 * i));
	}
	memcpy(kernel + 56, "ARM\x64", 4);
	system_file_write("kernel.bin", kernel, sizeof(kernel));
}

void system_files_create(void)
{
	uint8_t plain[IMAGE_SIZE];

	strcpy(folder, "/tmp/planner-test-XXXXXX");
	if (mkdtemp(folder) == NULL) {
		perror(folder);
		exit(1);
	}
	for (unsigned int i = 0; i < IMAGE_SIZE; i++) {
		plain[i] = (uint8_t)(i * 7);
	}
	system_file_write("plain.bin", plain, sizeof(plain));
	system_file_write("other.bin", plain, 100);
	system_file_write("initrd.gz", plain, 0x1234);
	system_file_write("empty.bin", "", 0);
	write_kernel();
}

void system_files_remove(void)
{
	DIR *list = opendir(folder);
	struct dirent *entry;

	while (list != NULL && (entry = readdir(list)) != NULL) {
		char path[400];

		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		(void)unlink(path); /* fails for . and .. */
	}
	if (list != NULL) {
		closedir(list);
	}
	(void)rmdir(folder);
}

/* ---- the board ------------------------------------------------------------------------------- */

static void add_board_device(struct system *s, const char *name, uint64_t base, uint64_t size,
			     uint32_t irq)
{
	uint32_t i = s->board.device_count++;

	s->device_irqs[i] = irq;
	s->devices[i] = (struct board_device){ name, base, size, &s->device_irqs[i], irq != 0 };
}

static void build_board(struct system *s)
{
	for (unsigned int i = 0; i < 65; i++) {
		s->hw_ids[i] = i;
	}
	s->memories[0] = (struct board_memory){ 0x40000000, 0x40000000 };
	s->reserved[0] = (struct board_reserved){ "firmware", 0x40000000, 0x10000 };
	s->reserved[1] = (struct board_reserved){ "secure UART", 0x9100000, 0x1000 };
	s->board = (struct board){
		.name = "test-board",
		.model = "Test board <&>",
		.cpu_count = 4,
		.cpu_hw_ids = s->hw_ids,
		.memories = s->memories,
		.memory_count = 1,
		.reserved = s->reserved,
		.reserved_count = 2,
		.devices = s->devices,
		.pa_bits = 40,
		.uart = { 0x9000000, 0x1000, 33, 24000000 },
		.gic = {
			.version = 3,
			.gicd = 0x8000000,
			.gicd_size = 0x10000,
			.gicr = 0x80a0000,
			.gicr_size = 65 * 0x20000,
			.interrupt_count = 288,
			.maintenance_irq = 25,
		},
		.timer_virtual_irq = 27,
		.timer_physical_irq = 30,
		.cpu_compatible = "arm,cortex-a53",
	};
	add_board_device(s, "uart1", 0x9040000, 0x1000, 40);
	add_board_device(s, "rtc", 0x9010000, 0x1000, 34);
	add_board_device(s, "virtio0", 0xa000000, 0x200, 48);
	add_board_device(s, "virtio1", 0xa000200, 0x200, 49);
	add_board_device(s, "large", 0xb000000, 0x10000, 60);
}

/*
 * ---- the configuration ------------------------------------------------------------------------
 */

uint64_t image_offset(enum system_image image)
{
	return BAO_IMAGE_OFFSET_HANDLE | image;
}

uint64_t image_size(enum system_image image)
{
	return BAO_IMAGE_SIZE_HANDLE | image;
}

struct vm_mem_region *system_add_region(struct system *s, unsigned int vm, uint64_t base,
					uint64_t size)
{
	struct vm_platform *platform = &s->vms[vm].platform;
	struct vm_mem_region *region = &s->lists[vm].regions[platform->region_num++];

	*region = (struct vm_mem_region){ .base = base, .size = size };
	platform->regions = s->lists[vm].regions;
	return region;
}

struct vm_dev_region *system_add_device(struct system *s, unsigned int vm, uint64_t address,
					uint64_t size, irqid_t irq)
{
	struct vm_platform *platform = &s->vms[vm].platform;
	irqid_t *slot = &s->lists[vm].irqs[platform->dev_num];
	struct vm_dev_region *device = &s->lists[vm].devs[platform->dev_num++];

	*slot = irq;
	*device = (struct vm_dev_region){
		.pa = address,
		.va = address,
		.size = size,
		.interrupt_num = irq != 0,
		.interrupts = irq != 0 ? slot : NULL,
	};
	platform->devs = s->lists[vm].devs;
	return device;
}

struct ipc *system_add_ipc(struct system *s, unsigned int vm, uint64_t base, irqid_t irq)
{
	struct vm_platform *platform = &s->vms[vm].platform;
	irqid_t *slot = &s->lists[vm].irqs[SYSTEM_LIST + platform->ipc_num];
	struct ipc *ipc = &s->lists[vm].ipcs[platform->ipc_num++];

	*slot = irq;
	*ipc = (struct ipc){ .base = base, .interrupt_num = 1, .interrupts = slot };
	platform->ipcs = s->lists[vm].ipcs;
	return ipc;
}

struct remio_dev *system_add_remio(struct system *s, unsigned int vm, enum remio_dev_type type,
				   remio_bind_key_t key, irqid_t irq)
{
	struct vm_platform *platform = &s->vms[vm].platform;
	struct remio_dev *dev = &s->lists[vm].remios[platform->remio_dev_num++];

	*dev = (struct remio_dev){ .va = 0xc000000 + 0x1000 * key,
				   .size = 0x1000,
				   .interrupt = irq,
				   .bind_key = key,
				   .type = type };
	platform->remio_devs = s->lists[vm].remios;
	return dev;
}

struct vm_config *system_add_vm(struct system *s, const char *name)
{
	unsigned int index = (unsigned int)s->config.vmlist_size++;
	struct vm_config *vm = &s->vms[index];

	*vm = (struct vm_config){
		.name = name,
		.image = { .base_addr = 0x40200000,
			   .load_addr = image_offset(IMAGE_PLAIN),
			   .size = image_size(IMAGE_PLAIN) },
		.entry = 0x40200000,
		.platform.cpu_num = 1,
		.platform.arch.gic = { .gicd_addr = 0x8000000, .gicr_addr = 0x80a0000 },
	};
	system_add_region(s, index, 0x40000000, 0x1000000);
	system_add_device(s, index, 0, 0, 27);
	return vm;
}

static void build_records(struct system *s)
{
	static const char *const files[] = {
		[IMAGE_PLAIN] = "plain.bin", [IMAGE_KERNEL] = "kernel.bin",
		[IMAGE_EMPTY] = "empty.bin", [IMAGE_ABSENT] = "absent.bin",
		[IMAGE_OTHER] = "other.bin",
	};

	for (unsigned int i = 0; i < IMAGE_COUNT; i++) {
		s->records[i] = (struct config_image_record){
			.name = files[i],
			.path = files[i],
			.file = system_path("config.c"),
			.index = i,
		};
	}
	s->record_pointers[0] = &s->records[IMAGE_PLAIN];
}

struct system *system_new(void)
{
	struct system *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		exit(1);
	}
	build_board(s);
	build_records(s);
	s->config.vmlist = s->vms;
	s->config.shmemlist = s->shmems;
	s->config.shmemlist_size = 1;
	s->shmems[0] = (struct shmem){ .size = 0x10000 };
	system_add_vm(s, "linux")->platform.cpu_num = 2;
	s->lists[0].regions[0].size = 0x8000000;
	system_add_device(s, 0, 0x9040000, 0x1000, 40);
	system_add_ipc(s, 0, 0x70000000, 100);
	system_add_vm(s, "rt");
	system_add_ipc(s, 1, 0x70000000, 101);
	s->planner.inputs = (struct inputs){
		.config = &s->config,
		.board = &s->board,
		.settings = { .hyp_base = 0x40200000,
			      .hyp_size = 0x100000,
			      .ipc = true,
			      .remio = true,
			      .virtual_uart = true },
		.images = s->record_pointers,
		.image_count = IMAGE_COUNT,
		.config_path = system_path("config.c"),
	};
	return s;
}

/* A record is declared when a VM refers to it, so that none is unused. */
static void declare_used(struct system *s)
{
	for (unsigned int i = 1; i < IMAGE_COUNT; i++) {
		for (size_t v = 0; s->config.vmlist != NULL && v < SYSTEM_VMS; v++) {
			if (s->vms[v].image.load_addr == image_offset((enum system_image)i) ||
			    s->vms[v].image.size == image_size((enum system_image)i)) {
				s->record_pointers[i] = &s->records[i];
			}
		}
	}
}

bool system_run(struct system *s)
{
	declare_used(s);
	return planner_run(&s->planner);
}

void system_free(struct system *s)
{
	planner_free(&s->planner);
	free(s);
}

const char *system_find(const struct system *s, enum rule rule, const char *first,
			const char *second)
{
	const struct report *report = &s->planner.report;

	for (size_t i = 0; i < report->count; i++) {
		const struct report_line *line = &report->lines[i];

		if (line->rule == rule && strstr(line->text, first) != NULL &&
		    (second == NULL || strstr(line->text, second) != NULL)) {
			return line->text;
		}
	}
	return NULL;
}

void system_print(const struct system *s)
{
	for (size_t i = 0; i < s->planner.report.count; i++) {
		fprintf(stderr, "%s\n", s->planner.report.lines[i].text);
	}
}
