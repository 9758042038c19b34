/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system configuration: what a user writes to say which virtual machines exist and what each
 * has. A configuration is a C file that includes <config.h> and defines `struct config config`. It is
 * compiled on the build machine and read by the planner alone. Field names and meanings are those of
 * Bao v2 configurations; fields marked "new" default to v2's behaviour when zero. The reference, with
 * every field, its unit and its range, is docs/configuration.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t irqid_t;
typedef uint64_t paddr_t;
typedef uint64_t vaddr_t;
typedef uint64_t cpumap_t;
typedef uint64_t colormap_t;
typedef uint64_t deviceid_t;
typedef uint64_t streamid_t;
typedef uint64_t remio_bind_key_t;
typedef uint64_t config_size_t; /* bytes; 64-bit whatever the build machine is */

/* ---- images ---------------------------------------------------------------------------------- */

#define BAO_XSTR_1(x) #x
#define XSTR(x) BAO_XSTR_1(x)

/* v2 configurations begin with it; it has nothing to say here. */
#define CONFIG_HEADER

/* One record per VM_IMAGE(); the planner finds them between the section's start and stop symbols. */
struct config_image_record {
	const char *name;
	const char *path;
	const char *file; /* the source file that names it: relative paths start in its folder */
	uint64_t index;
	uint64_t line;
};

/*
 * VM_IMAGE_OFFSET() and VM_IMAGE_SIZE() are not known when a configuration is compiled: they are
 * handles, numbers no real address or size can be, that the planner replaces.
 */
#define BAO_IMAGE_OFFSET_HANDLE UINT64_C(0xba0f000000000000)
#define BAO_IMAGE_SIZE_HANDLE UINT64_C(0xba05000000000000)
#define BAO_IMAGE_HANDLE_MASK UINT64_C(0xffff000000000000)
#define BAO_IMAGE_INDEX_MASK UINT64_C(0x000000000000ffff)

#define BAO_VM_IMAGE_1(image, image_path, counter)                                                 \
	enum { bao_image_##image = counter };                                                      \
	static const struct config_image_record bao_image_record_##image = {                       \
		.name = #image,                                                                    \
		.path = image_path,                                                                \
		.file = __FILE__,                                                                  \
		.index = counter,                                                                  \
		.line = __LINE__,                                                                  \
	};                                                                                         \
	static const struct config_image_record *const bao_image_pointer_##image                   \
		__attribute__((used, section("bao_images"))) = &bao_image_record_##image;
#define BAO_VM_IMAGE_2(image, image_path, counter) BAO_VM_IMAGE_1(image, image_path, counter)

/* Declares a guest image read from a file, a string literal; a relative path starts in the folder of
 * the configuration file. With or without a semicolon after it, as v2 had it. */
#define VM_IMAGE(image, image_path) BAO_VM_IMAGE_2(image, image_path, __COUNTER__)

#define VM_IMAGE_OFFSET(image) (BAO_IMAGE_OFFSET_HANDLE | (uint64_t)bao_image_##image)
#define VM_IMAGE_SIZE(image) (BAO_IMAGE_SIZE_HANDLE | (uint64_t)bao_image_##image)

/* An image linked into bao.bin and copied to `base`, a VM address, before the VM starts. */
#define VM_IMAGE_BUILTIN(image, base)                                                              \
	{                                                                                          \
		.base_addr = (base), .load_addr = VM_IMAGE_OFFSET(image),                          \
		.size = VM_IMAGE_SIZE(image),                                                      \
	}

/* An image that a boot loader puts at physical `load`. */
#define VM_IMAGE_LOADED(base, load, image_size)                                                    \
	{                                                                                          \
		.base_addr = (base), .load_addr = (load), .size = (image_size),                    \
		.separately_loaded = true,                                                         \
	}

/* ---- lists whose count can't be wrong (new) -------------------------------------------------- */

/* Sets a pointer field and its count field from one initialiser. */
#define LIST(pointer, count, type, ...)                                                            \
	.count = sizeof((type[]){ __VA_ARGS__ }) / sizeof(type), .pointer = (type[])               \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

#define VMS(...) LIST(vmlist, vmlist_size, struct vm_config, __VA_ARGS__)
#define SHMEMS(...) LIST(shmemlist, shmemlist_size, struct shmem, __VA_ARGS__)
#define REGIONS(...) LIST(regions, region_num, struct vm_mem_region, __VA_ARGS__)
#define DEVS(...) LIST(devs, dev_num, struct vm_dev_region, __VA_ARGS__)
#define IPCS(...) LIST(ipcs, ipc_num, struct ipc, __VA_ARGS__)
#define REMIO_DEVS(...) LIST(remio_devs, remio_dev_num, struct remio_dev, __VA_ARGS__)
#define INTERRUPTS(...) LIST(interrupts, interrupt_num, irqid_t, __VA_ARGS__)

/* ---- the structures -------------------------------------------------------------------------- */

struct shmem {
	config_size_t size;
	colormap_t colors;
	bool place_phys;
	union {
		paddr_t base;
		paddr_t phys;
	};
	const char *name; /* new: for the map */
};

struct vm_mem_region {
	vaddr_t base;
	config_size_t size;
	colormap_t colors;
	bool place_phys;
	paddr_t phys;
};

struct vm_dev_region {
	paddr_t pa;
	vaddr_t va;
	config_size_t size; /* 0: interrupts only */
	size_t interrupt_num;
	irqid_t *interrupts;
	deviceid_t id; /* bus master id, for the IOMMU */
	/* new: for the generated device tree */
	const char *name;        /* for the map; default: the board's name for it */
	const char *compatible;  /* a node is generated when set; several strings joined by '|' */
	const char *clock_names; /* names for the fixed clocks, joined by '|' */
	uint32_t clock_hz;       /* with it, a fixed-clock of this rate feeds the node */
	bool edge; /* its interrupts are edge-triggered (default: level, active high) */
};

struct ipc {
	vaddr_t base;
	config_size_t size;
	size_t shmem_id; /* index in config.shmemlist */
	size_t interrupt_num;
	irqid_t *interrupts;
	vaddr_t doorbell; /* new: one page; a 32-bit store of an event index rings it. 0: none */
	const char *name; /* new: for the map and the generated tree */
};

enum remio_dev_type { REMIO_DEV_FRONTEND, REMIO_DEV_BACKEND };

struct remio_shmem {
	vaddr_t base;
	config_size_t size;
	size_t shmem_id;
};

struct remio_dev {
	vaddr_t va; /* frontend: the window that is emulated by the backend */
	config_size_t size;
	irqid_t interrupt;
	remio_bind_key_t bind_key; /* the frontend and the backend of a pair have the same */
	enum remio_dev_type type;
	struct remio_shmem shmem;
};

struct vm_image_config {
	vaddr_t base_addr;
	paddr_t load_addr;
	config_size_t size;
	bool separately_loaded;
	bool inplace;
};

struct smmu_group {
	streamid_t mask;
	streamid_t id;
};

/* Both families in one type: the planner says so when a VM sets what its architecture has not. */
struct arch_vm_platform {
	struct {
		vaddr_t gicd_addr;
		vaddr_t gicc_addr;
		vaddr_t gicr_addr;
		size_t interrupt_num; /* INTIDs the VM's distributor has; 0: enough for its own */
	} gic;
	struct {
		streamid_t global_mask;
		size_t group_num;
		struct smmu_group *groups;
	} smmu;
	struct {
		struct {
			vaddr_t base;
		} plic;
		struct {
			struct {
				vaddr_t base;
			} aplic, imsic;
		} aia;
	} irqc;
};

struct vm_platform {
	size_t cpu_num;
	size_t region_num;
	struct vm_mem_region *regions;
	size_t dev_num;
	struct vm_dev_region *devs;
	size_t ipc_num;
	struct ipc *ipcs;
	size_t remio_dev_num;
	struct remio_dev *remio_devs;
	bool mmu; /* Armv8-R AArch64: this VM uses the EL1 MMU */
	struct arch_vm_platform arch;
};

/* new: how the VM's interrupts reach it. */
enum vm_irq_delivery { VM_IRQ_VIRTUAL, VM_IRQ_DIRECT };

/* new: what becomes of a VM that does what it may not. */
enum vm_on_fault { VM_ON_FAULT_INJECT, VM_ON_FAULT_HALT, VM_ON_FAULT_RESTART };

/* new: a virtual UART on the hypervisor's console. */
struct vm_console {
	vaddr_t base;      /* VM address of a PL011; 0: the VM has no virtual UART */
	irqid_t interrupt; /* an SPI with no device of its own on this board */
};

/* new: the device tree the VM is given in x0 / a1. */
struct vm_dtb {
	const char *file;  /* a tree of the user's, checked; relative to the configuration file */
	bool generate;     /* or: one made from this configuration */
	vaddr_t base_addr; /* where, 2 MiB-aligned on arm64; 0: planner's choice */
};

struct vm_initrd {
	const char *file;
	vaddr_t base_addr; /* 0: planner's choice */
};

struct vm_config {
	struct vm_image_config image;
	vaddr_t entry;
	cpumap_t cpu_affinity;
	colormap_t colors;
	struct vm_platform platform;

	/* new */
	const char *name; /* at most 15 characters; default "vm<index>" */
	struct vm_initrd initrd;
	struct vm_dtb dtb;
	const char *bootargs; /* for a generated tree */
	enum vm_irq_delivery irq_delivery;
	enum vm_on_fault on_fault;
	vaddr_t channel_bus; /* VM address, multiple of 1 MiB, of 2 MiB for a PCI bus that shows the
			      * channels to a stock Linux. 0: none */
	struct vm_console console;
};

struct config {
	struct {
		bool relocate;
		paddr_t base_addr;
		bool data_relocate;
		paddr_t data_addr;
		colormap_t colors;
	} hyp;
	size_t shmemlist_size;
	struct shmem *shmemlist;
	size_t vmlist_size;
	struct vm_config *vmlist;
};

extern struct config config;
