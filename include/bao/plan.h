/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: everything static about a system, resolved on the build machine. The planner writes these
 * tables (build/plan/plan.c), the hypervisor carries them out, the audit reads them back from the
 * linked ELF. Fixed-width fields, no pointers, padding spelt out: the same bytes on every machine, so
 * that a table read out of an ELF by a host program means what it means on the target. An index that
 * refers to nothing is PLAN_NONE of its width.
 *
 * The sizes of the tables, and the addresses drivers need, are macros of the generated <plan.h>. A
 * table without rows has one of zeros, since C has no empty array; its count says 0.
 */
#pragma once

#include <stdint.h>

#define PLAN_NAME_SIZE 16 /* bytes, with the terminating zero */
#define PLAN_NONE8 UINT8_C(0xff)
#define PLAN_NONE32 UINT32_C(0xffffffff)
#define PLAN_IRQ_WORDS 32 /* bitmap of INTIDs / sources 0..1023, bit i of word w: 32 * w + i */

/* Identifies the layout of these structures; first field of `plan_system`. */
#define PLAN_MAGIC UINT64_C(0x316e616c706f6162) /* "baoplan1" in memory order, little endian */

/* What the whole system is. */
struct plan_system {
	uint64_t magic;
	uint64_t hyp_base;        /* link and load address */
	uint64_t hyp_size;        /* bytes reserved for code, data and tables (CONFIG_HYP_SIZE) */
	uint64_t images_base;     /* builtin images, follow hyp_base + hyp_size */
	uint64_t images_size;     /* bytes, multiple of the page size */
	uint32_t cpu_count;       /* rows of plan_cpus */
	uint32_t vm_count;        /* rows of plan_vms */
	uint32_t pa_bits;         /* physical address bits the plan relies on */
	uint32_t hyp_va_bits;     /* 39 or 48; see <armv8-a/mappings.h> */
	uint32_t console_cpu;     /* CPU that takes the console UART's interrupt */
	uint32_t console_irq;     /* INTID */
	uint32_t irq_count;       /* INTIDs the interrupt controller must implement */
	uint32_t maintenance_irq; /* INTID; 0: none */

	/* Rows of the other tables. */
	uint32_t vcpu_count; /* plan_vcpu_cpus */
	uint32_t extent_count;
	uint32_t load_count;
	uint32_t window_count;
	uint32_t ipc_count;
	uint32_t ipc_peer_count;
	uint32_t ipc_irq_count;
	uint32_t remio_count;
	uint32_t remio_slot_count;
	uint32_t stage2_table_count;
	uint32_t loader_table_count;
	uint32_t hyp_table_count; /* enough for any layout within hyp_size */
	uint32_t hyp_device_count;
	uint32_t padding;
};

/*
 * One physical CPU, from CPU 0, which boots, to the last that has a VM. Only CPUs with a VM are started;
 * CPU 0, if it has none, switches itself off.
 */
struct plan_cpu {
	uint64_t hw_id; /* MPIDR affinity / hart id */
	uint8_t vm;     /* PLAN_NONE8: unused */
	uint8_t vcpu;
	uint8_t padding[6];
};

enum plan_memory_kind {
	PLAN_MEMORY_RAM, /* normal write-back, read-write-execute */
	PLAN_MEMORY_SHARED, /* normal write-back, read-write, never executed; more than one VM may have it */
	PLAN_MEMORY_DEVICE, /* device, read-write, never executed */
};

/* A device the hypervisor programs itself: interrupt controller, console. Multiples of the page size. */
struct plan_device {
	uint64_t pa;
	uint64_t size;
};

/* A contiguous mapping of a VM: [va, va + size) to [pa, pa + size). */
struct plan_extent {
	uint64_t va;
	uint64_t pa;
	uint64_t size;  /* bytes, multiple of the page size */
	uint32_t kind;  /* enum plan_memory_kind */
	uint32_t shmem; /* PLAN_MEMORY_SHARED: which shared memory; else PLAN_NONE32 */
};

/* Bytes to copy before a VM is entered, at boot and at every restart. */
struct plan_load {
	uint64_t destination_pa;
	uint64_t source_pa;
	uint64_t size; /* bytes */
};

enum plan_window_kind {
	PLAN_WINDOW_GICD,
	PLAN_WINDOW_GICR,
	PLAN_WINDOW_UART,
	PLAN_WINDOW_DOORBELL, /* argument: index in the VM's ipcs */
	PLAN_WINDOW_REMIO,    /* argument: index in plan_remios */
	PLAN_WINDOW_EMPTY,    /* reads as all ones, ignores writes: a bus where nothing answers */
};

/* VM addresses that are emulated. */
struct plan_window {
	uint64_t va;
	uint64_t size; /* bytes */
	uint32_t kind; /* enum plan_window_kind */
	uint32_t argument;
};

/* A VM's end of a shared-memory channel. */
struct plan_ipc {
	uint32_t peer_first; /* in plan_ipc_peers: every other VM of the channel */
	uint32_t peer_count;
};

/* One receiver of a channel's notifications. */
struct plan_ipc_peer {
	uint32_t irq_first; /* in plan_ipc_irqs: its interrupts, by event index */
	uint32_t irq_count;
};

/* A remote-I/O pair. */
struct plan_remio {
	uint8_t frontend_vm;
	uint8_t backend_vm;
	uint8_t padding[2];
	uint32_t frontend_irq;   /* raised by BAO_REMIO_NOTIFY; 0: none */
	uint32_t backend_irq;    /* raised when a request is pending */
	uint32_t backend_device; /* the index by which the backend VM names this device */
	uint32_t slot_first;     /* in the array of PLAN_REMIO_SLOT_COUNT: one per frontend vCPU */
	uint32_t slot_count;
	uint64_t window_va; /* frontend address of the window: requests carry offsets from it */
};

enum plan_on_fault { PLAN_ON_FAULT_INJECT, PLAN_ON_FAULT_HALT, PLAN_ON_FAULT_RESTART };

struct plan_vm {
	char name[PLAN_NAME_SIZE];
	uint64_t entry;    /* VM address */
	uint64_t boot_arg; /* VM address of the device tree, in x0 / a1; 0: none */
	uint32_t
		vcpu_first; /* in plan_vcpu_cpus; vCPU n runs on CPU plan_vcpu_cpus[vcpu_first + n] */
	uint32_t vcpu_count;
	uint32_t extent_first; /* in plan_extents, ascending va, not overlapping */
	uint32_t extent_count;
	uint32_t load_first; /* in plan_loads */
	uint32_t load_count;
	uint32_t window_first; /* in plan_windows, ascending va, not overlapping */
	uint32_t window_count;
	uint32_t ipc_first; /* in plan_ipcs, in the configuration's order */
	uint32_t ipc_count;
	uint32_t stage2_first; /* in the pool of stage-2 tables: root tables first */
	uint32_t stage2_count;
	uint32_t loader_first; /* in the pool of loader tables */
	uint32_t loader_count;
	uint32_t ipa_bits;  /* size of the VM's address space */
	uint32_t on_fault;  /* enum plan_on_fault */
	uint32_t uart_irq;  /* INTID of the virtual UART; 0: no virtual UART */
	uint32_t irq_count; /* INTIDs its virtual distributor shows, multiple of 32 */
	uint32_t
		image_in_place; /* 1: no pristine copy exists, so it is halted where it would restart */
	uint32_t padding;
	uint32_t irqs[PLAN_IRQ_WORDS]; /* interrupts it owns, software-raised ones included */
};

extern const struct plan_system plan_system;
extern const struct plan_cpu plan_cpus[];
extern const struct plan_vm plan_vms[];
extern const uint32_t plan_vcpu_cpus[];
extern const struct plan_extent plan_extents[];
extern const struct plan_load plan_loads[];
extern const struct plan_window plan_windows[];
extern const struct plan_ipc plan_ipcs[];
extern const struct plan_ipc_peer plan_ipc_peers[];
extern const uint32_t plan_ipc_irqs[];
extern const struct plan_remio plan_remios[];
extern const struct plan_device plan_hyp_devices[];

_Static_assert(sizeof(struct plan_system) == 128, "plan_system has a hole");
_Static_assert(sizeof(struct plan_cpu) == 16, "plan_cpu has a hole");
_Static_assert(sizeof(struct plan_extent) == 32, "plan_extent has a hole");
_Static_assert(sizeof(struct plan_load) == 24, "plan_load has a hole");
_Static_assert(sizeof(struct plan_window) == 24, "plan_window has a hole");
_Static_assert(sizeof(struct plan_ipc) == 8, "plan_ipc has a hole");
_Static_assert(sizeof(struct plan_ipc_peer) == 8, "plan_ipc_peer has a hole");
_Static_assert(sizeof(struct plan_remio) == 32, "plan_remio has a hole");
_Static_assert(sizeof(struct plan_vm) == 240, "plan_vm has a hole");
