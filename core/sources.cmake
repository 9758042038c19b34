# SPDX-License-Identifier: Apache-2.0
# Everything architecture-independent; init.c is where to start reading.
bao_sources(init.c cpu.c vcpu.c vm.c irq.c fault.c mmio.c hypercall.c console.c log.c)
bao_sources(lib/format.c lib/string.c)
bao_sources_if(CONFIG_IPC ipc.c)
bao_sources_if(CONFIG_REMIO remio.c)
bao_sources_if(CONFIG_VIRTUAL_UART vuart.c)

# The compiler must not turn memset's loop into a call of memset.
bao_source_flags(lib/string.c -fno-tree-loop-distribute-patterns)
