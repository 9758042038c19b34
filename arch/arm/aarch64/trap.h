/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's registers as vectors.S saves them, and who handles what. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* x19..x29 are saved only by traps that may need a register by number. */
struct trap_frame {
	uint64_t x0_x18[19];
	uint64_t x30;
	uint64_t x19_x29[11];
	uint64_t unused;
};

_Static_assert(sizeof(struct trap_frame) == 256, "FRAME_SIZE in vectors.S");
_Static_assert(offsetof(struct trap_frame, x30) == 152, "save_caller_saved in vectors.S");
_Static_assert(offsetof(struct trap_frame, x19_x29) == 160, "trap_slow in vectors.S");

/* Register `n` of a full frame, 0..30. */
static inline uint64_t *trap_frame_register(struct trap_frame *frame, uint32_t n)
{
	if (n < 19) {
		return &frame->x0_x18[n];
	}
	return n == 30 ? &frame->x30 : &frame->x19_x29[n - 19];
}

/* Synchronous exceptions but HVC; the frame is full. */
void trap_handle(struct trap_frame *frame);

/* SError while a guest ran. */
void trap_serror(void);

/* An exception at EL2 itself: panics. `frame` has x0..x30 and SP. */
_Noreturn void panic_exception(const uint64_t *registers, uint64_t vector);
