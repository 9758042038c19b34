/* SPDX-License-Identifier: Apache-2.0 */
/* Hypercall dispatch: one row per id. A new hypercall is an id in <abi/bao.h>, a row and a handler. */
#include <bao/hypercall.h>

#include <stddef.h>

#include <abi/bao.h>
#include <bao/ipc.h>
#include <bao/kconfig.h>
#include <bao/remio.h>
#include <bao/util.h>

typedef int64_t (*hypercall_handler_t)(const uint64_t *arguments,
				       struct hypercall_results *results);

static int64_t ipc_hypercall(const uint64_t *arguments, struct hypercall_results *results)
{
	(void)results;
	return ipc_notify(arguments[0], arguments[1]);
}

static const hypercall_handler_t handlers[] = {
	[BAO_HC_IPC] = IS_ENABLED(CONFIG_IPC) ? ipc_hypercall : NULL,
	[BAO_HC_REMIO] = IS_ENABLED(CONFIG_REMIO) ? remio_hypercall : NULL,
};

int64_t hypercall(uint32_t id, const uint64_t *arguments, struct hypercall_results *results)
{
	if (id >= ARRAY_SIZE(handlers) || handlers[id] == NULL) {
		return BAO_HC_INVALID_ID;
	}
	return handlers[id](arguments, results);
}
