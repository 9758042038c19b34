/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest ABI: hypercall ids, operations, results and the register convention. Included by the
 * hypervisor and by guests, from C and from assembly; it depends on nothing. docs/guest-abi.md
 * is the prose. What is here never changes its value.
 */
#pragma once

/* Hypercall ids. */
#define BAO_HC_IPC 1 /* notify the peers of a channel: (channel, event) */
#define BAO_HC_REMIO                                                                               \
	2 /* remote I/O, asked by a backend: (device, address, operation, value, request) */

/* Results, in the first result register. */
#define BAO_HC_SUCCESS 0
#define BAO_HC_FAILURE (-1)
#define BAO_HC_INVALID_ID (-2)
#define BAO_HC_INVALID_ARGS (-3)

/* Operations of BAO_HC_REMIO. */
#define BAO_REMIO_WRITE_DONE 0 /* complete a write request */
#define BAO_REMIO_READ_DONE 1  /* complete a read request with `value` */
#define BAO_REMIO_ASK 2        /* fetch the next pending request */
#define BAO_REMIO_NOTIFY 3     /* raise the frontend's interrupt */

/*
 * Arm: HVC or SMC, SMC Calling Convention (DEN 0028), fast call, vendor-specific hypervisor service.
 * w0/x0 = one of these | id, arguments from x1; result in x0, further results from x1.
 */
#define BAO_SMCCC_VENDOR_HYP_32 0x86000000
#define BAO_SMCCC_VENDOR_HYP_64 0xc6000000
#define BAO_SMCCC_HC32(id) (BAO_SMCCC_VENDOR_HYP_32 | (id))
#define BAO_SMCCC_HC64(id) (BAO_SMCCC_VENDOR_HYP_64 | (id))

/* SMCCC "Call UID" of the vendor-specific hypervisor service, in w0..w3 order. */
#define BAO_SMCCC_CALL_UID 0x8600ff01
#define BAO_SMCCC_REVISION 0x8600ff03
#define BAO_UID_0 0x5f0b1a62
#define BAO_UID_1 0x6b4d4c1e
#define BAO_UID_2 0x93b2a70c
#define BAO_UID_3 0x42414fe8
#define BAO_REVISION_MAJOR 1
#define BAO_REVISION_MINOR 0

/* RISC-V: SBI extension id; a6 = hypercall id, arguments from a0; a0 = SBI error, a1 = result. */
#define BAO_SBI_EXTENSION 0x08000ba0
