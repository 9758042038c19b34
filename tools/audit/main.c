/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit [--verbose] FILE: proves that a linked hypervisor, with the plan inside it, keeps its VMs
 * apart. Exit status: 0 proved, 1 not (every finding on stderr), 2 the audit could not be done.
 */
#include "audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads a whole file; NULL, with a line on stderr, if it can't. */
static uint8_t *read_file(const char *path, uint64_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t used = 0, capacity = 0, got;

	if (file == NULL) {
		fprintf(stderr, "audit: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	do {
		if (used == capacity) {
			capacity = capacity == 0 ? 1u << 20 : 2 * capacity;
			bytes = realloc(bytes, capacity);
			if (bytes == NULL) {
				report_out_of_memory();
			}
		}
		got = fread(bytes + used, 1, capacity - used, file);
		used += got;
	} while (got > 0);
	if (ferror(file) != 0) {
		fprintf(stderr, "audit: %s: %s\n", path, strerror(errno));
		free(bytes);
		bytes = NULL;
	}
	fclose(file);
	*size = used;
	return bytes;
}

/* "1 VM, ", "2 VMs, " */
static void print_count(uint64_t count, const char *what, const char *after)
{
	printf("%" PRIu64 " %s%s%s", count, what, count == 1 ? "" : "s", after);
}

static void print_summary(const struct audit *audit)
{
	fputs("audit: ", stdout);
	print_count(audit->plan.system.vm_count, "VM", ", ");
	print_count(audit->plan.system.extent_count, "extent", ", ");
	print_count(audit->frame_count, "frame", ", ");
	print_count(audit->cpu_count, "CPU", ", ");
	print_count(audit->interrupt_count, "interrupt", ": isolated\n");
}

static int audit_bytes(const uint8_t *bytes, uint64_t size, bool verbose)
{
	struct audit audit;
	bool good = audit_run(&audit, bytes, size);

	report_print(&audit.report, good ? stdout : stderr, verbose);
	if (good) {
		print_summary(&audit);
	}
	audit_free(&audit);
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	bool verbose = argc == 3 && strcmp(argv[1], "--verbose") == 0;
	const char *path = argv[argc - 1];
	uint64_t size;
	uint8_t *bytes;
	int status;

	if (argc < 2 || path[0] == '-' || argc != 2 + verbose) {
		fputs("usage: audit [--verbose] bao.elf\n", stderr);
		return 2;
	}
	bytes = read_file(path, &size);
	if (bytes == NULL) {
		return 2;
	}
	status = audit_bytes(bytes, size, verbose);
	free(bytes);
	return status;
}
