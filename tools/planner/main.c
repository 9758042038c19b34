/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planner's command line. The board and the system configuration are linked into the program:
 * `board` and `config` below are theirs.
 */
#include "output.h"

#include <bao/kconfig.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The linker collects VM_IMAGE() records in this section; this entry makes it exist without any. */
static const struct config_image_record *const no_image
	__attribute__((used, section("bao_images"))) = NULL;
extern const struct config_image_record *const __start_bao_images[];
extern const struct config_image_record *const __stop_bao_images[];

/* Likewise the path of the configuration, left by the planner's <config.h>. */
static const char *const no_file __attribute__((used, section("bao_config_files"))) = NULL;
extern const char *const __start_bao_config_files[];
extern const char *const __stop_bao_config_files[];

struct options {
	const char *out;
	const char *depfile;
	const char *target;
	bool print;
};

static void usage(FILE *stream)
{
	fputs("usage: planner [--out DIR] [--depfile FILE --target NAME] [--print]\n"
	      "  Checks the system configuration built into this program and plans it.\n"
	      "  --out DIR       write plan.c plan.h images.S plan.json plan.txt plan.svg and "
	      "device trees\n"
	      "  --depfile FILE  write a Make rule naming every image, initrd and tree that was "
	      "read\n"
	      "  --target NAME   the target of that rule\n"
	      "  --print         print the partition map\n"
	      "Exit: 0 planned, 1 a rule is broken or a file can't be written, 2 wrong "
	      "arguments.\n",
	      stream);
}

static bool parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "out", required_argument, NULL, 'o' },
		{ "depfile", required_argument, NULL, 'd' },
		{ "target", required_argument, NULL, 't' },
		{ "print", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 'o':
			options->out = optarg;
			break;
		case 'd':
			options->depfile = optarg;
			break;
		case 't':
			options->target = optarg;
			break;
		case 'p':
			options->print = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			return false;
		}
	}
	return optind == argc && (options->depfile == NULL) == (options->target == NULL) &&
	       (options->out != NULL || options->print);
}

static const char *config_path(void)
{
	for (const char *const *path = __start_bao_config_files; path < __stop_bao_config_files;
	     path++) {
		if (*path != NULL) {
			return *path;
		}
	}
	return NULL;
}

static void print_report(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		fprintf(stderr, "%s\n", report->lines[i].text);
	}
	if (report->error_count != 0) {
		fprintf(stderr,
			"%zu error%s in the system configuration; each rule is explained in "
			"docs/planner.md\n",
			report->error_count, report->error_count == 1 ? "" : "s");
	}
}

static bool write_outputs(struct planner *p, const struct options *options)
{
	if (options->out != NULL && !output_plan(p, options->out)) {
		return false;
	}
	if (options->depfile != NULL && !output_depfile(p, options->depfile, options->target)) {
		return false;
	}
	if (options->print) {
		struct text text = { 0 };

		emit_txt(p, &text);
		fputs(text.data, stdout);
		text_free(&text);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct planner p = {
		.inputs = {
			.config = &config,
			.board = &board,
			.settings = {
				.hyp_base = CONFIG_HYP_BASE,
				.hyp_size = CONFIG_HYP_SIZE,
				.ipc = IS_ENABLED(CONFIG_IPC),
				.remio = IS_ENABLED(CONFIG_REMIO),
				.virtual_uart = IS_ENABLED(CONFIG_VIRTUAL_UART),
			},
			.images = __start_bao_images,
			.image_count = (size_t)(__stop_bao_images - __start_bao_images),
			.config_path = config_path(),
		},
	};
	bool done;

	if (!parse(argc, argv, &options)) {
		usage(stderr);
		return 2;
	}
	done = planner_run(&p);
	print_report(&p.report);
	done = done && write_outputs(&p, &options);
	planner_free(&p);
	return done ? 0 : 1;
}
