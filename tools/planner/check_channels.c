/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about shared-memory channels: the memory behind them, their windows and peers. */
#include "planner.h"

static bool has_peer(const struct planner *p, const struct model_vm *vm, size_t shmem_id)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->ipc_num && v != vm->index; i++) {
			if (platform->ipcs[i].shmem_id == shmem_id) {
				return true;
			}
		}
	}
	return false;
}

static void check_memory_of(struct planner *p, const struct model_vm *vm, const struct ipc *ipc,
			    const char *where)
{
	const struct model_shmem *shmem;

	if (ipc->shmem_id >= p->model.shmem_count) {
		REPORT(p, IPC_SHMEM, where,
		       "shmem_id %zu, but shmemlist has %u shared memories; use an index below "
		       "%u, or add one to "
		       "shmemlist",
		       ipc->shmem_id, p->model.shmem_count, p->model.shmem_count);
		return;
	}
	shmem = &p->model.shmems[ipc->shmem_id];
	if (ipc->size > shmem->config.size) {
		REPORT(p, IPC_SIZE, where,
		       "its size 0x%llx is larger than that of %s (%s), 0x%llx; use at most "
		       "that, or 0 for all "
		       "of it",
		       (unsigned long long)ipc->size, shmem->where, shmem->name,
		       (unsigned long long)shmem->config.size);
	}
	if (!has_peer(p, vm, ipc->shmem_id)) {
		REPORT(p, IPC_NO_PEER, where,
		       "no other VM has a channel over %s (%s), so nobody hears it; give another "
		       "VM an ipc with "
		       "shmem_id %zu",
		       shmem->where, shmem->name, ipc->shmem_id);
	}
}

static void check_ipc(struct planner *p, const struct model_vm *vm, size_t index)
{
	const struct ipc *ipc = &vm->config.platform.ipcs[index];
	const char *where = where_text(p, vm, "ipcs", index);

	check_memory_of(p, vm, ipc, where);
	if (!is_aligned(ipc->base | ipc->size, PAGE_SIZE)) {
		REPORT(p, IPC_UNALIGNED, where,
		       "base 0x%llx, size 0x%llx must be multiples of a page; use multiples of "
		       "0x1000",
		       (unsigned long long)ipc->base, (unsigned long long)ipc->size);
	}
	if (!is_aligned(ipc->doorbell, PAGE_SIZE)) {
		REPORT(p, DOORBELL_UNALIGNED, where,
		       "doorbell 0x%llx; it takes one page, use a multiple of 0x1000",
		       (unsigned long long)ipc->doorbell);
	}
}

void check_channels(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (size_t i = 0; i < vm->config.platform.ipc_num; i++) {
			check_ipc(p, vm, i);
		}
	}
}
