/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations whose channels or remote I/O are wrong. */
#include "breakage.h"

static void missing_shmem(struct system *s)
{
	s->lists[1].ipcs[0].shmem_id = 1;
}

static void large_ipc(struct system *s)
{
	s->lists[1].ipcs[0].size = 0x11000;
}

static void odd_ipc(struct system *s)
{
	s->lists[1].ipcs[0].size = 0x800;
}

static void odd_ipc_base(struct system *s)
{
	s->lists[1].ipcs[0].base = 0x70000010;
}

static void alone(struct system *s)
{
	s->vms[1].platform.ipc_num = 0;
	s->vms[1].platform.ipcs = NULL;
}

static void odd_doorbell(struct system *s)
{
	s->lists[0].ipcs[0].doorbell = 0x70010004;
}

static void odd_bus(struct system *s)
{
	s->vms[0].channel_bus = 0x3f001000;
}

static void bus_without_channels(struct system *s)
{
	alone(s);
	s->vms[1].channel_bus = 0x3f000000;
}

static void no_backend(struct system *s)
{
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 120);
}

static void no_frontend(struct system *s)
{
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 9, 121);
}

static void pair(struct system *s)
{
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 120);
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 1, 121);
}

static void two_frontends(struct system *s)
{
	pair(s);
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 122)->va = 0xd000000;
}

static void two_backends(struct system *s)
{
	pair(s);
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 1, 122);
}

static void within_vm(struct system *s)
{
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 120);
	system_add_remio(s, 0, REMIO_DEV_BACKEND, 1, 121);
}

static void no_window(struct system *s)
{
	pair(s);
	s->lists[0].remios[0].size = 0;
}

static void odd_window(struct system *s)
{
	pair(s);
	s->lists[0].remios[0].va = 0xc000200;
}

static void window_on_region(struct system *s)
{
	pair(s);
	s->lists[0].remios[0].va = 0x40000000;
}

static void remio_memory(struct system *s, unsigned int vm, size_t id, uint64_t size)
{
	s->lists[vm].remios[0].shmem = (struct remio_shmem){ 0x78000000, size, id };
}

static void memory_on_ipc(struct system *s)
{
	pair(s);
	remio_memory(s, 0, 0, 0x1000);
	remio_memory(s, 1, 0, 0x1000);
	s->lists[0].remios[0].shmem.base = 0x70000000;
}

static void one_sided_memory(struct system *s)
{
	pair(s);
	remio_memory(s, 0, 0, 0x1000);
}

static void different_memory(struct system *s)
{
	pair(s);
	s->config.shmemlist_size = 2;
	s->shmems[1].size = 0x1000;
	remio_memory(s, 0, 0, 0x1000);
	remio_memory(s, 1, 1, 0x1000);
}

static void absent_memory(struct system *s)
{
	pair(s);
	remio_memory(s, 0, 5, 0x1000);
	remio_memory(s, 1, 5, 0x1000);
}

static void large_memory(struct system *s)
{
	pair(s);
	remio_memory(s, 0, 0, 0x20000);
	remio_memory(s, 1, 0, 0x10000);
}

const struct breakage breakages_channels[] = {
	{ RULE_IPC_SHMEM, missing_shmem, "rt: ipcs[0]", "shmem_id 1" },
	{ RULE_IPC_SIZE, large_ipc, "rt: ipcs[0]", "shmemlist[0]" },
	{ RULE_IPC_UNALIGNED, odd_ipc, "rt: ipcs[0]", "0x800" },
	{ RULE_IPC_UNALIGNED, odd_ipc_base, "rt: ipcs[0]", "0x70000010" },
	{ RULE_IPC_NO_PEER, alone, "linux: ipcs[0]", "shmemlist[0]" },
	{ RULE_CHANNEL_BUS, odd_bus, "linux: channel_bus", "0x3f001000" },
	{ RULE_CHANNEL_BUS, bus_without_channels, "rt: channel_bus", "0 channels" },
	{ RULE_DOORBELL_UNALIGNED, odd_doorbell, "linux: ipcs[0]", "0x70010004" },
	{ RULE_REMIO_UNPAIRED, no_backend, "linux: remio_devs[0]", "has no backend" },
	{ RULE_REMIO_UNPAIRED, no_frontend, "rt: remio_devs[0]", "has no frontend" },
	{ RULE_REMIO_DUPLICATE, two_frontends, "linux: remio_devs[1]", "remio_devs[0] of linux" },
	{ RULE_REMIO_DUPLICATE, two_backends, "rt: remio_devs[1]", "remio_devs[0] of rt" },
	{ RULE_REMIO_SAME_VM, within_vm, "linux: remio_devs[0]", "remio_devs[1] of linux" },
	{ RULE_REMIO_WINDOW, no_window, "linux: remio_devs[0]", "size 0x0" },
	{ RULE_REMIO_WINDOW, odd_window, "linux: remio_devs[0]", "0xc000200" },
	{ RULE_REMIO_OVERLAP, window_on_region, "linux: remio_devs[0]", "regions[0] of linux" },
	{ RULE_REMIO_OVERLAP, memory_on_ipc, "linux: remio_devs[0]", "ipcs[0] of linux" },
	{ RULE_REMIO_SHMEM, one_sided_memory, "linux: remio_devs[0]", "remio_devs[0] of rt" },
	{ RULE_REMIO_SHMEM, different_memory, "linux: remio_devs[0]", "remio_devs[0] of rt" },
	{ RULE_REMIO_SHMEM, absent_memory, "linux: remio_devs[0]", "shmem_id 5" },
	{ RULE_REMIO_SHMEM, large_memory, "linux: remio_devs[0]", "shmemlist[0]" },
	{ 0 },
};
