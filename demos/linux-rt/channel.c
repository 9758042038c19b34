/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds a channel by its PCI numbers in sysfs and maps its two windows. The function has no registers:
 * its configuration space is memory (docs/guests.md), and its interrupt is a doorbell, which needs no
 * acknowledgement.
 */

#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAO_PCI_VENDOR 0x0ba0
#define BAO_PCI_CHANNEL 0x0001
#define MEMORY_RESOURCE "resource0"
#define DOORBELL_RESOURCE "resource2"

static bool fail(struct channel *channel, const char *what, const char *name)
{
	snprintf(channel->error, sizeof(channel->error), "%s %s: %s", what, name, strerror(errno));
	return false;
}

/* The number in the sysfs file `attribute` of `device`, or -1. */
static long read_number(const char *device, const char *attribute)
{
	char path[320];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", device, attribute);
	file = fopen(path, "r");
	if (file != NULL) {
		if (fscanf(file, "%li", &number) != 1) {
			number = -1;
		}
		fclose(file);
	}
	return number;
}

/* Writes the sysfs folder of the PCI function that is channel `index`. */
static bool find_device(struct channel *channel, unsigned int index, char *path, size_t size)
{
	glob_t devices;
	bool found = false;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &devices) == 0) {
		for (size_t i = 0; i < devices.gl_pathc && !found; i++) {
			const char *device = devices.gl_pathv[i];

			found = read_number(device, "vendor") == BAO_PCI_VENDOR &&
				read_number(device, "device") == BAO_PCI_CHANNEL &&
				read_number(device, "subsystem_device") == (long)index;
			if (found) {
				snprintf(path, size, "%s", device);
			}
		}
		globfree(&devices);
	}
	if (!found) {
		snprintf(channel->error, sizeof(channel->error),
			 "this VM has no channel %u (no PCI function %04x:%04x with that number)",
			 index, BAO_PCI_VENDOR, BAO_PCI_CHANNEL);
	}
	return found;
}

static bool open_interrupt(struct channel *channel, const char *device)
{
	char pattern[320], path[32];
	glob_t names;

	snprintf(pattern, sizeof(pattern), "%s/uio/uio*", device);
	if (glob(pattern, 0, NULL, &names) != 0) {
		snprintf(
			channel->error, sizeof(channel->error),
			"%s has no UIO driver: load uio_pci_generic and write '%04x %04x' to its new_id",
			device, BAO_PCI_VENDOR, BAO_PCI_CHANNEL);
		return false;
	}
	snprintf(path, sizeof(path), "/dev/%.20s", strrchr(names.gl_pathv[0], '/') + 1);
	globfree(&names);
	channel->interrupt = open(path, O_RDWR | O_CLOEXEC);
	if (channel->interrupt < 0) {
		return fail(channel, "open", path);
	}
	/* The lock goes with the file, however this program ends. */
	if (flock(channel->interrupt, LOCK_EX) != 0) {
		return fail(channel, "lock", path);
	}
	return true;
}

static volatile void *map_resource(struct channel *channel, const char *device, const char *name,
				   size_t *size)
{
	char path[320];
	struct stat status;
	void *address;
	int file;

	snprintf(path, sizeof(path), "%s/%s", device, name);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0) {
		fail(channel, "open", path);
		return NULL;
	}
	address = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (address == MAP_FAILED) {
		fail(channel, "map", path);
		return NULL;
	}
	*size = (size_t)status.st_size;
	return address;
}

bool channel_open(struct channel *channel, unsigned int index)
{
	char device[256];
	size_t doorbell_size;

	if (!find_device(channel, index, device, sizeof(device)) ||
	    !open_interrupt(channel, device)) {
		return false;
	}
	channel->memory = map_resource(channel, device, MEMORY_RESOURCE, &channel->memory_size);
	if (channel->memory == NULL) {
		return false;
	}
	channel->doorbell = map_resource(channel, device, DOORBELL_RESOURCE, &doorbell_size);
	return channel->doorbell != NULL;
}

void channel_ring(struct channel *channel, uint32_t event)
{
	*channel->doorbell = event;
}

enum channel_event channel_wait(struct channel *channel, int timeout_ms)
{
	struct pollfd wait = { .fd = channel->interrupt, .events = POLLIN };
	uint32_t count;
	int ready = poll(&wait, 1, timeout_ms);

	if (ready == 0) {
		return CHANNEL_TIMEOUT;
	}
	if (ready < 0 || read(channel->interrupt, &count, sizeof(count)) != sizeof(count)) {
		fail(channel, "wait for", "the interrupt");
		return CHANNEL_ERROR;
	}
	return CHANNEL_RUNG;
}
