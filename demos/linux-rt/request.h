/* SPDX-License-Identifier: Apache-2.0 */
/* The requests rt answers: text in, text out. Pure; what a request asks rt to do is in `reset`. */
#pragma once

#include <stdbool.h>

#include "message.h"
#include "stats.h"

struct answer {
	enum message_status status;
	size_t length;
	char text[MESSAGE_TEXT_SIZE + 1];
	bool reset; /* the statistics are to be started afresh */
};

/* Answers `request`, which message_read() has checked. `hz` is the counter's rate. */
void request_answer(const struct message_copy *request, const struct stats *stats, uint64_t hz,
		    struct answer *answer);
