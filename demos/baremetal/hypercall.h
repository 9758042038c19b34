/* SPDX-License-Identifier: Apache-2.0 */
/* Bao's hypercalls (abi/bao.h, docs/guest-abi.md) as functions. Under another hypervisor, or none, they
 * answer SMCCC NOT_SUPPORTED, which is also BAO_HC_FAILURE. */
#pragma once

#include <stdint.h>

#include <abi/bao.h>

#include "psci.h"

/* Raises interrupt number `event` of every other VM that shares channel `channel` of this VM. */
static inline int64_t bao_ipc_notify(uint64_t channel, uint64_t event)
{
	return (int64_t)smccc_hvc(BAO_SMCCC_HC64(BAO_HC_IPC), channel, event, 0, 0, 0, 0).x[0];
}

/* A remote-I/O request, as a backend gets it. */
struct bao_remio_request {
	uint64_t offset;    /* in the frontend's window */
	uint64_t operation; /* BAO_REMIO_WRITE_DONE or BAO_REMIO_READ_DONE: how to complete it */
	uint64_t value;     /* of a write */
	uint64_t width;     /* bytes */
	uint64_t id;
	uint64_t more; /* 1: others are pending */
};

/* Fetches the next request of remote-I/O device `device`; non-zero if there is none. */
static inline int64_t bao_remio_ask(uint64_t device, struct bao_remio_request *request)
{
	struct smccc_result result =
		smccc_hvc(BAO_SMCCC_HC64(BAO_HC_REMIO), device, 0, BAO_REMIO_ASK, 0, 0, 0);

	if (result.x[0] == BAO_HC_SUCCESS) {
		*request = (struct bao_remio_request){
			.offset = result.x[1],
			.operation = result.x[2],
			.value = result.x[3],
			.width = result.x[4],
			.id = result.x[5],
			.more = result.x[6],
		};
	}
	return (int64_t)result.x[0];
}

/* Completes a request; `value` is what a read returns. */
static inline int64_t bao_remio_done(uint64_t device, const struct bao_remio_request *request,
				     uint64_t value)
{
	return (int64_t)smccc_hvc(BAO_SMCCC_HC64(BAO_HC_REMIO), device, request->offset,
				  request->operation, value, request->id, 0)
		.x[0];
}

/* Raises the frontend's interrupt. */
static inline int64_t bao_remio_notify(uint64_t device)
{
	return (int64_t)smccc_hvc(BAO_SMCCC_HC64(BAO_HC_REMIO), device, 0, BAO_REMIO_NOTIFY, 0, 0,
				  0)
		.x[0];
}
