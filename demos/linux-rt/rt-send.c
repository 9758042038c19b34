/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rt-send: sends one request to the VM rt and prints the answer. A static program for the
 * demonstration's initramfs; the message format is message.h, the way there channel.h.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "message.h"

enum exit_code { EXIT_ANSWERED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NO_ANSWER = 3 };

struct options {
	int timeout_ms;
	unsigned int channel;
	bool verbose;
	char text[MESSAGE_TEXT_SIZE];
	size_t length;
};

static int usage(FILE *out, int code)
{
	fprintf(out,
		"usage: rt-send [-v] [-t MILLISECONDS] [-c CHANNEL] REQUEST...\n"
		"Sends REQUEST to the other VM and prints its answer. rt knows: ping, stats, reset, echo TEXT.\n"
		"  -v  also print how long the answer took\n"
		"  -t  how long to wait for it (default 1000)\n"
		"  -c  which channel of this VM (default 0)\n");
	return code;
}

static bool parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number <= max;
}

/* Joins the words with spaces; false if they are too many. */
static bool join_words(struct options *options, char **words)
{
	for (; *words != NULL; words++) {
		size_t length = strlen(*words);

		if (length + 1 > sizeof(options->text) - options->length) {
			return false;
		}
		if (options->length > 0) {
			options->text[options->length++] = ' ';
		}
		memcpy(&options->text[options->length], *words, length);
		options->length += length;
	}
	return true;
}

static bool parse_options(struct options *options, int argc, char **argv)
{
	unsigned long number;
	int option;

	*options = (struct options){ .timeout_ms = 1000 };
	while ((option = getopt(argc, argv, "+vt:c:")) != -1) {
		switch (option) {
		case 'v':
			options->verbose = true;
			break;
		case 't':
			if (!parse_number(optarg, 3600000, &number)) {
				return false;
			}
			options->timeout_ms = (int)number;
			break;
		case 'c':
			if (!parse_number(optarg, 31, &number)) {
				return false;
			}
			options->channel = (unsigned int)number;
			break;
		default:
			return false;
		}
	}
	return argv[optind] != NULL;
}

static long elapsed_us(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
}

/*
 * Waits for the answer to `sequence`. A ring may be of an answer to somebody who gave up before, so the
 * slot decides; the time is counted from `start`.
 */
static int wait_for_answer(struct channel *channel, const volatile struct message_window *window,
			   uint32_t sequence, int timeout_ms, const struct timespec *start,
			   struct message_copy *answer)
{
	for (;;) {
		long left_ms = timeout_ms - elapsed_us(start) / 1000;
		bool valid = message_read(&window->answer, answer);

		if (answer->sequence == sequence) {
			if (valid) {
				return EXIT_ANSWERED;
			}
			fprintf(stderr, "rt-send: the answer is malformed\n");
			return EXIT_FAILED;
		}
		if (left_ms <= 0) {
			fprintf(stderr,
				"rt-send: no answer within %d ms: is the other VM running?\n",
				timeout_ms);
			return EXIT_NO_ANSWER;
		}
		if (channel_wait(channel, (int)left_ms) == CHANNEL_ERROR) {
			fprintf(stderr, "rt-send: %s\n", channel->error);
			return EXIT_FAILED;
		}
	}
}

static int print_answer(const struct message_copy *answer, const struct options *options, long us)
{
	if (answer->status == MESSAGE_MALFORMED) {
		fprintf(stderr, "rt-send: rt calls the request malformed\n");
		return EXIT_FAILED;
	}
	printf("rt: %s\n", answer->text);
	if (options->verbose) {
		printf("(answered in %ld us)\n", us);
	}
	return answer->status == MESSAGE_OK ? EXIT_ANSWERED : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct message_copy answer;
	struct channel channel;
	volatile struct message_window *window;
	struct timespec start;
	uint32_t sequence;
	int code;

	if (!parse_options(&options, argc, argv)) {
		return usage(stderr, EXIT_USAGE);
	}
	if (!join_words(&options, &argv[optind])) {
		fprintf(stderr, "rt-send: a request has at most %d bytes\n", MESSAGE_TEXT_SIZE - 1);
		return EXIT_USAGE;
	}
	if (!channel_open(&channel, options.channel)) {
		fprintf(stderr, "rt-send: %s\n", channel.error);
		return EXIT_FAILED;
	}
	if (channel.memory_size < sizeof(*window)) {
		fprintf(stderr, "rt-send: the shared memory is too small\n");
		return EXIT_FAILED;
	}
	window = channel.memory;
	clock_gettime(CLOCK_MONOTONIC, &start);
	sequence = window->answer.sequence + 1;
	if (sequence ==
	    window->request.sequence) { /* asked and never answered: don't look like it */
		sequence++;
	}
	message_write(&window->request, sequence, MESSAGE_OK, options.text, options.length);
	channel_ring(&channel, 0);
	code = wait_for_answer(&channel, window, sequence, options.timeout_ms, &start, &answer);
	if (code == EXIT_ANSWERED) {
		code = print_answer(&answer, &options, elapsed_us(&start));
	}
	return code;
}
