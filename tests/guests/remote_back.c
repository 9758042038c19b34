/* SPDX-License-Identifier: Apache-2.0 */
/* The backend of the remote-I/O tests: emulates the device of remote.h for the other VM. */
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/hypercall.h>
#include <baremetal/psci.h>

#include "remote.h"
#include "suite.h"

static union {
	uint8_t bytes[REMOTE_MEMORY_SIZE];
	uint64_t align;
} memory;

static uint64_t last_offset, last_width, last_value, served, both;
static int64_t results[MISUSE_COUNT];
static uint32_t command;

/* Outside the image, so that it outlives a restart; the rest of the VM's memory is as it was, too. */
static volatile uint64_t *const lives = (volatile uint64_t *)0x405ff000;
#define LIVES_MAGIC UINT64_C(0x6c697665732d2d00)

static uint64_t memory_read(uint64_t offset, uint64_t width)
{
	uint64_t value = 0;

	for (uint64_t i = 0; i < width; i++) {
		value |= (uint64_t)memory.bytes[(offset + i) % REMOTE_MEMORY_SIZE] << (8 * i);
	}
	return value;
}

static uint64_t read_register(const struct bao_remio_request *request)
{
	uint64_t offset = request->offset;

	if (offset < REMOTE_MEMORY_SIZE) {
		last_offset = offset;
		last_width = request->width;
		last_value = request->value;
		return memory_read(offset, request->width);
	}
	if (offset >= REMOTE_RESULTS && offset < REMOTE_RESULTS + 8 * MISUSE_COUNT) {
		return (uint64_t)results[(offset - REMOTE_RESULTS) / 8];
	}
	switch (offset) {
	case REMOTE_LAST_OFFSET:
		return last_offset;
	case REMOTE_LAST_WIDTH:
		return last_width;
	case REMOTE_LAST_VALUE:
		return last_value;
	case REMOTE_SERVED:
		return served;
	case REMOTE_LIFE:
		return *lives - LIVES_MAGIC;
	case REMOTE_BOTH:
		return both;
	default:
		return ~UINT64_C(0);
	}
}

static void write_register(const struct bao_remio_request *request)
{
	if (request->offset < REMOTE_MEMORY_SIZE) {
		last_offset = request->offset;
		last_width = request->width;
		last_value = request->value;
		for (uint64_t i = 0; i < request->width; i++) {
			memory.bytes[(request->offset + i) % REMOTE_MEMORY_SIZE] =
				(uint8_t)(request->value >> (8 * i));
		}
	} else if (request->offset == REMOTE_COMMAND) {
		command = (uint32_t)request->value;
	}
}

/* Everything that must be refused, with a read that is to be answered. */
static void misuse(const struct bao_remio_request *request)
{
	struct bao_remio_request wrong = *request;

	wrong.id = request->id + 0x100;
	results[MISUSE_WRONG_REQUEST] = bao_remio_done(0, &wrong, 1);
	wrong.id = request->id ^ 1;
	results[MISUSE_WRONG_SLOT] = bao_remio_done(0, &wrong, 1);
	wrong = *request;
	wrong.operation = BAO_REMIO_WRITE_DONE;
	results[MISUSE_WRONG_KIND] = bao_remio_done(0, &wrong, 1);
	results[MISUSE_OTHER_DEVICE] = bao_remio_done(1, request, 1);
	results[MISUSE_NO_DEVICE] = bao_remio_notify(2);
	results[MISUSE_OPERATION] =
		(int64_t)smccc_hvc(BAO_SMCCC_HC64(BAO_HC_REMIO), 0, 0, 4, 0, request->id, 0).x[0];
	results[MISUSE_NOTHING_TO_ASK] = bao_remio_ask(0, &wrong);
}

static void complete(const struct bao_remio_request *request)
{
	uint64_t value = 0;

	if (request->operation == BAO_REMIO_READ_DONE) {
		value = read_register(request);
	} else {
		write_register(request);
	}
	served++;
	(void)bao_remio_done(0, request, value);
}

/* Waits for a second request, and is restarted owing both: then both wait at once, to be told of. */
static void collect(void)
{
	struct bao_remio_request second;

	while (bao_remio_ask(0, &second) != BAO_HC_SUCCESS) {
	}
	psci_system_reset();
}

static void serve(const struct bao_remio_request *request)
{
	uint32_t now = command;

	if (now == REMOTE_MISUSE && request->operation == BAO_REMIO_READ_DONE) {
		command = 0;
		misuse(request);
		complete(request);
		results[MISUSE_TWICE] = bao_remio_done(0, request, 2);
	} else if (now == REMOTE_COLLECT) {
		command = 0;
		collect();
	} else if (now == REMOTE_RESTART) {
		psci_system_reset();
	} else {
		complete(request);
	}
}

static void on_request(uint32_t intid)
{
	struct bao_remio_request request;

	(void)intid;
	while (bao_remio_ask(0, &request) == BAO_HC_SUCCESS) {
		both += request.more;
		serve(&request);
		/* Commands that are carried out at once. */
		if (command == REMOTE_NOTIFY) {
			command = 0;
			(void)bao_remio_notify(0);
		} else if (command == REMOTE_OFF) {
			psci_system_off();
		}
	}
}

static void on_second_request(uint32_t intid)
{
	struct bao_remio_request request;

	(void)intid;
	while (bao_remio_ask(1, &request) == BAO_HC_SUCCESS) {
		(void)bao_remio_done(1, &request, request.offset + 1);
	}
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	suite_start(0);
	*lives = (*lives & ~UINT64_C(0xff)) == LIVES_MAGIC ? *lives + 1 : LIVES_MAGIC + 1;
	gic_set_edge(BACKEND_IRQ, true);
	gic_set_edge(BACKEND_SECOND_IRQ, true);
	gic_enable(BACKEND_IRQ, on_request);
	gic_enable(BACKEND_SECOND_IRQ, on_second_request);
	cpu_interrupts_on();
	for (;;) {
		cpu_wait();
	}
}
