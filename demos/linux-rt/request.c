/* SPDX-License-Identifier: Apache-2.0 */
/* The table of requests. A new one is a row here and its function. Built for rt and for host tests. */

#include "request.h"

#include <baremetal/format.h>

struct request_context {
	const char *argument; /* text after the word and one space */
	const struct stats *stats;
	uint64_t hz;
	struct answer *answer;
};

static void answer_statistics(const struct request_context *context)
{
	char text[160];

	(void)stats_describe(context->stats, context->hz, text, sizeof(text));
	context->answer->length =
		format_text(context->answer->text, sizeof(context->answer->text), "%s", text);
}

static void answer_ping(const struct request_context *context)
{
	char text[160];

	(void)stats_describe(context->stats, context->hz, text, sizeof(text));
	context->answer->length =
		format_text(context->answer->text, sizeof(context->answer->text), "pong: %s", text);
}

static void answer_echo(const struct request_context *context)
{
	context->answer->length = format_text(context->answer->text, sizeof(context->answer->text),
					      "%s", context->argument);
}

static void answer_reset(const struct request_context *context)
{
	context->answer->reset = true;
	context->answer->length = format_text(context->answer->text, sizeof(context->answer->text),
					      "statistics reset");
}

static const struct {
	const char *word;
	void (*answer)(const struct request_context *context);
} requests[] = {
	{ "ping", answer_ping },
	{ "stats", answer_statistics },
	{ "echo", answer_echo },
	{ "reset", answer_reset },
};

/* If `text` is `word`, alone or before a space, answers what follows; else NULL. */
static const char *after_word(const char *text, const char *word)
{
	while (*word != '\0' && *text == *word) {
		text++;
		word++;
	}
	if (*word != '\0' || (*text != '\0' && *text != ' ')) {
		return NULL;
	}
	return *text == ' ' ? text + 1 : text;
}

void request_answer(const struct message_copy *request, const struct stats *stats, uint64_t hz,
		    struct answer *answer)
{
	struct request_context context = { .stats = stats, .hz = hz, .answer = answer };

	answer->status = MESSAGE_OK;
	answer->reset = false;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		context.argument = after_word(request->text, requests[i].word);
		if (context.argument != NULL) {
			requests[i].answer(&context);
			return;
		}
	}
	answer->status = MESSAGE_UNKNOWN;
	answer->length = format_text(answer->text, sizeof(answer->text),
				     "unknown request; there are: ping, stats, echo TEXT, reset");
}
