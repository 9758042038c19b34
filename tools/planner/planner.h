/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planner's context and its stages. A stage reads what earlier ones left here, adds its own
 * part and reports what is wrong; none keeps state elsewhere, so tests run them over configurations
 * written in C. planner_run() is the order of the stages.
 */
#pragma once

#include <bao/board.h>
#include <bao/config.h>
#include <bao/plan.h>

#include "report.h"
#include "util.h"

#define MAX_CPUS 64u         /* bits of a cpumap_t */
#define MAX_VMS 254u         /* plan_cpu.vm is 8 bits wide and 255 means none */
#define MAX_INTERRUPTS 1020u /* INTIDs 1020.. are special, GIC spec (IHI 0069) */
#define FIRST_PPI 16u
#define FIRST_SPI 32u
#define GICD_WINDOW_SIZE UINT64_C(0x10000)
#define GICR_FRAME_SIZE UINT64_C(0x20000) /* RD_base and SGI_base of one redistributor */
#define GICV3_ALIGNMENT UINT64_C(0x10000)
#define UART_WINDOW_SIZE PAGE_SIZE
#define CHANNEL_CONFIG_SIZE (UINT64_C(1) << 20) /* configuration space of one PCI bus */
#define CHANNEL_ROM_SIZE CHANNEL_CONFIG_SIZE    /* where kernels put ROMs that aren't there */
#define CHANNEL_BUS_SIZE (CHANNEL_CONFIG_SIZE + CHANNEL_ROM_SIZE)
#define DTB_MAX_SIZE BLOCK_2M /* arm64 boot protocol */

/* What Kconfig decides and the planner needs. */
struct settings {
	uint64_t hyp_base;
	uint64_t hyp_size; /* bytes */
	bool ipc;
	bool remio;
	bool virtual_uart;
};

/* What the planner starts from. */
struct inputs {
	const struct config *config;
	const struct board *board;
	struct settings settings;
	const struct config_image_record *const *images; /* VM_IMAGE() records; NULLs are skipped */
	size_t image_count;
	const char *config_path; /* of the configuration file; relative paths start in its folder */
};

/* A file that enters the images area: read from disk, or made by the planner. */
struct file {
	const char *path; /* for a generated one its name in the output folder */
	bool generated;
	const uint8_t *data;
	uint64_t size;
	uint64_t hash;   /* of the content, so that outputs change when it does */
	const char *why; /* `data` is NULL: why it can't be used */
};

enum blob_source {
	BLOB_NONE,
	BLOB_BUILT_IN, /* in the images area */
	BLOB_LOADED,   /* a boot loader puts it at `pa` */
};

/* Something that is in a VM's memory when it starts: image, initrd, device tree. */
struct blob {
	enum blob_source source;
	const char *what;  /* "image", "initrd", "dtb" */
	const char *where; /* for messages: "linux: image" */
	struct file *file; /* BLOB_BUILT_IN */
	bool in_place;
	bool va_known;        /* set by the configuration or by the layout */
	uint64_t va;          /* VM address */
	uint64_t size;        /* bytes present */
	uint64_t memory_size; /* bytes it occupies once it runs, `size` or more */
	uint64_t pa;          /* where its bytes are: load address, or placed in the images area */
};

/* A part of a VM's region that is contiguous in physical memory. */
struct piece {
	uint32_t region; /* index in the VM's regions */
	struct range va;
	bool placed;
	uint64_t pa;
	const char *where;
};

struct model_vm {
	uint32_t index;
	const char *name;
	struct vm_config config; /* a copy: lists without rows have count 0, defaults filled in */
	struct blob image;
	struct blob initrd;
	struct blob dtb;
	struct blob bus; /* configuration space of the channels' PCI functions */

	/* Placement */
	uint32_t cpus[MAX_CPUS]; /* ascending; entry n is vCPU n's */
	uint32_t cpu_count;
	struct piece *pieces;
	uint32_t piece_count;
};

struct model_shmem {
	const char *name;
	const char *where;
	struct shmem config;
	bool placed;
	uint64_t pa;
};

/* One stretch of the images area. */
struct stored {
	const struct file *file;
	const char *owner; /* "image of linux": its first user */
	bool in_place;     /* mapped into a VM where it is, not copied */
	uint64_t pa;
};

struct model {
	struct model_vm *vms;
	uint32_t vm_count;
	struct model_shmem *shmems;
	uint32_t shmem_count;
	struct file **files;     /* by VM_IMAGE() record; NULL where the file can't be used */
	struct file **all_files; /* everything read, for the depfile */
	uint32_t all_file_count;
	uint32_t all_file_capacity;

	/* Placement */
	struct stored *stored;
	uint32_t stored_count;
	uint64_t images_base;
	uint64_t images_size;
	uint64_t images_copied_size; /* what precedes the images used in place */
};

/* The tables of <bao/plan.h>, in memory. */
struct plan {
	struct plan_system system;
	struct plan_cpu *cpus;
	struct plan_vm *vms;
	uint32_t *vcpu_cpus;
	struct plan_extent *extents;
	const char **extent_notes; /* what each is, for comments */
	struct plan_load *loads;
	const char **load_notes;
	struct plan_window *windows;
	struct plan_ipc *ipcs;
	struct plan_ipc_peer *ipc_peers;
	uint32_t *ipc_irqs;
	struct plan_remio *remios;
	struct plan_device *hyp_devices;
	uint64_t stage2_align; /* bytes */
	uint64_t gicr_size;    /* bytes that the hypervisor maps */
};

struct planner {
	struct inputs inputs;
	struct arena arena;
	struct report report;
	struct model model;
	struct plan plan;
};

/* Runs all stages. False when a rule of severity error is broken; `plan` is then not filled in. */
bool planner_run(struct planner *p);
void planner_free(struct planner *p);

/* Reports with the context's arena. */
#define REPORT(p, rule, where, ...)                                                                \
	report_add(&(p)->report, &(p)->arena, RULE_##rule, (where), __VA_ARGS__)

/* ---- model.c: the configuration, normalised -------------------------------------------------- */

void model_build(struct planner *p);

/* "linux: devs[2]", to begin a message with; and "devs[2] of linux", to name the other owner. */
const char *where_text(struct planner *p, const struct model_vm *vm, const char *list,
		       size_t index);
const char *owner_text(struct planner *p, const struct model_vm *vm, const char *list,
		       size_t index);

/* The board's name for what is at a physical address; NULL if it has none. */
const struct board_device *board_device_at(const struct board *machine, uint64_t pa);
const struct board_device *board_device_of_irq(const struct board *machine, uint64_t irq);

/* How many of the board's devices lie entirely in the range. */
uint32_t devices_within(const struct board *machine, const struct vm_dev_region *device);

/* "uart1": the name that the configuration or the board gives it; else "device". */
const char *device_name(struct planner *p, const struct vm_dev_region *device);

/* "0x40000000-0x7fffffff" */
const char *range_text(struct planner *p, struct range range);

/*
 * The pages from which a boot loader's image of the VM is copied; false: there are none, or an
 * earlier VM has the same.
 */
bool vm_loaded_source(const struct planner *p, const struct model_vm *vm, struct range *pages);

/* The region of the VM that holds the whole range; NULL if none. */
const struct vm_mem_region *vm_region_of(const struct model_vm *vm, struct range range);

/* ---- files.c --------------------------------------------------------------------------------- */

/*
 * Reads the file, whose relative path starts in the folder of `beside`; NULL, reported, on failure.
 */
struct file *file_read(struct planner *p, const char *path, const char *beside, const char *where);
struct file *file_generated(struct planner *p, const char *name, const void *data, uint64_t size);

/*
 * ---- blobs.c: images, initrds, trees, from configuration to struct blob ------------------------
 */

void blobs_build(struct planner *p);

/*
 * ---- channel_bus.c: the channels as functions of a PCI bus --------------------------------------
 */

/* Adds to a VM that asks for a bus the memory that its functions' configuration space is. */
void channel_bus_model(struct planner *p, struct model_vm *vm);

/* What is in it; once the channels' addresses are known to be right or wrong. */
void channel_buses_build(struct planner *p);

/* The functions' pages, and the rest of the bus, where nothing answers. Size 0: no bus. */
struct range channel_bus_functions(const struct model_vm *vm);
struct range channel_bus_rest(const struct model_vm *vm);

/* ---- check_*.c: the rules -------------------------------------------------------------------- */

void check_board(struct planner *p);
void check_support(struct planner *p);
void check_cpus(struct planner *p);
void check_memory(struct planner *p);
void check_va(struct planner *p);
void check_devices(struct planner *p);
void check_interrupts(struct planner *p);
void check_channels(struct planner *p);
void check_remio(struct planner *p);
void check_blobs(struct planner *p);
void check_dtbs(struct planner *p); /* check_dtb.c, with libfdt */
void check_physical(struct planner *p);

/* ---- placement ------------------------------------------------------------------------------- */

void place_cpus(struct planner *p);
void layout_blobs(struct planner *p); /* VM addresses of initrds and trees */
void place_images(struct planner *p);
void place_memory(struct planner *p);

/* ---- emit_dtb.c, with libfdt ----------------------------------------------------------------- */

/* Makes the trees of VMs that ask for one; run again once addresses are known: sizes stay. */
void generate_dtbs(struct planner *p);

/*
 * ---- tables.c, counts.c: the plan's tables -----------------------------------------------------
 */

void plan_tables(struct planner *p);
void plan_count_tables(struct planner *p);

/* INTIDs a VM's virtual distributor shows. */
uint32_t vm_irq_count(const struct model_vm *vm);

/*
 * ---- outputs: text to be written to files -----------------------------------------------------
 */

void emit_plan_c(struct planner *p, struct text *out);
void emit_plan_h(struct planner *p, struct text *out);
void emit_images(struct planner *p, struct text *out, const char *folder);
void emit_json(struct planner *p, struct text *out);
void emit_txt(struct planner *p, struct text *out);
void emit_svg(struct planner *p, struct text *out);
