// SPDX-License-Identifier: Apache-2.0
// A configuration in the form of Bao v2: its field names only, CONFIG_HEADER, an unquoted image path
// from a definition on the command line, counts written by hand, nothing newer. A mixture of its habits.
#include <config.h>

VM_IMAGE(bare_image, XSTR(IMAGES_FOLDER/plain.bin));

struct config config = {

    CONFIG_HEADER

    .vmlist_size = 1,
    .vmlist = (struct vm_config[]) {
        {
            .image = {
                .base_addr = 0x50000000,
                .load_addr = VM_IMAGE_OFFSET(bare_image),
                .size = VM_IMAGE_SIZE(bare_image)
            },

            .entry = 0x50000000,
            .cpu_affinity = 0xf,

            .platform = {
                .cpu_num = 4,

                .region_num = 1,
                .regions = (struct vm_mem_region[]) {
                    {
                        .base = 0x50000000,
                        .size = 0x4000000
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
                        /* the timer's interrupt */
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
        }
    },
};
