/* SPDX-License-Identifier: Apache-2.0 */
/* Guest calls by HVC and SMC: SMC Calling Convention, DEN 0028 (1.4). */
#pragma once

#include <stdint.h>

#define SMCCC_NOT_SUPPORTED (UINT64_MAX) /* -1 */

/* Function id fields. */
#define SMCCC_FAST UINT32_C(0x80000000)
#define SMCCC_64 UINT32_C(0x40000000)
#define SMCCC_OWNER(id) (((id) >> 24) & 0x3fu)
#define SMCCC_FUNCTION(id) ((id)&0xffffu)

/*
 * Handles the call in x[0], arguments from x[1]; results replace x[0] and on. x[0..17] are valid. Unknown
 * calls get SMCCC_NOT_SUPPORTED. May not return (a vCPU or VM switches itself off).
 */
void smccc_handle(uint64_t *x);

/* PSCI_FEATURES and SMCCC_ARCH_FEATURES are both asked about it. */
#define SMCCC_VERSION_ID UINT32_C(0x80000000)
