/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remote I/O: a window in one VM (the frontend) whose accesses another VM (the backend) answers. Each
 * frontend vCPU has at most one request, in its own slot, and waits until that is completed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/hypercall.h>
#include <bao/mmio.h>

/* A frontend's access: posts the request and waits for its completion, interrupts served. */
bool remio_access(const struct plan_window *window, struct mmio_access *access);

/* BAO_HC_REMIO, asked by a backend; arguments and results as in docs/guest-abi.md. */
int64_t remio_hypercall(const uint64_t *arguments, struct hypercall_results *results);

/* A VM has stopped: its own requests are forgotten, those it was working on as a backend wait again. */
void remio_vm_stopped(uint32_t vm);

/* A VM is about to start: as a backend it is told of requests that wait. */
void remio_vm_started(uint32_t vm);
