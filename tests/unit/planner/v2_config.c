/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration as users of Bao v2 write them: its macros and field names, an unquoted path,
 * counts by hand, no list macros. It must build and be planned as it is; do not modernise it.
 */
/* clang-format off */
#include <config.h>

VM_IMAGE(linux_image, XSTR(V2_IMAGES/first.bin));
VM_IMAGE(bare_image, "images/second.bin")

struct config config = {

    CONFIG_HEADER

    .shmemlist_size = 1,
    .shmemlist = (struct shmem[]) {
        [0] = { .size = 0x00010000, }
    },

    .vmlist_size = 2,
    .vmlist = (struct vm_config[]) {
        {
            .image = {
                .base_addr = 0x60000000,
                .load_addr = VM_IMAGE_OFFSET(linux_image),
                .size = VM_IMAGE_SIZE(linux_image)
            },

            .entry = V2_ENTRY,
            .cpu_affinity = 0x3,

            .platform = {
                .cpu_num = 2,

                .region_num = 1,
                .regions = (struct vm_mem_region[]) {
                    {
                        .base = 0x60000000,
                        .size = 0x10000000,
                        .place_phys = true,
                        .phys = 0x60000000
                    }
                },

                .ipc_num = 1,
                .ipcs = (struct ipc[]) {
                    {
                        .base = 0xf0000000,
                        .size = 0x00010000,
                        .shmem_id = 0,
                        .interrupt_num = 1,
                        .interrupts = (irqid_t[]) {52}
                    }
                },

                .dev_num = 2,
                .devs = (struct vm_dev_region[]) {
                    {
                        .pa = 0x9040000,
                        .va = 0x9000000,
                        .size = 0x1000,
                        .interrupt_num = 1,
                        .interrupts = (irqid_t[]) {40}
                    },
                    {
                        /* Arch timer interrupt */
                        .interrupt_num = 1,
                        .interrupts = (irqid_t[]) {27}
                    }
                },

                .arch = {
                    .gic = {
                        .gicd_addr = 0x8000000,
                        .gicr_addr = 0x80A0000,
                    }
                }
            },
        },
        {
            .image = VM_IMAGE_BUILTIN(bare_image, 0x50000000),
            .entry = 0x50000000,
            .platform = {
                .cpu_num = 1,
                .region_num = 1,
                .regions = (struct vm_mem_region[]) {
                    { .base = 0x50000000, .size = 0x8000000 }
                },
                .ipc_num = 1,
                .ipcs = (struct ipc[]) {
                    {
                        .base = 0x70000000,
                        .size = 0x00010000,
                        .shmem_id = 0,
                        .interrupt_num = 1,
                        .interrupts = (irqid_t[]) {53}
                    }
                },
                .dev_num = 1,
                .devs = (struct vm_dev_region[]) {
                    { .interrupt_num = 1, .interrupts = (irqid_t[]) {27} }
                },
                .arch = { .gic = { .gicd_addr = 0x8000000, .gicr_addr = 0x80A0000 } }
            }
        }
    },
};
