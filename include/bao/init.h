/* SPDX-License-Identifier: Apache-2.0 */
/* Where the architecture's entry code hands over to core/. */
#pragma once

#include <bao/util.h>

/* The CPU the machine booted on: MMU on, cpus_init() done, on its own stack. */
NORETURN void init_boot_cpu(void);

/* Every other CPU, likewise. */
NORETURN void init_secondary_cpu(void);
