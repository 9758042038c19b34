# SPDX-License-Identifier: Apache-2.0
# Armv8-A: translation tables.
bao_sources(pagetable.c mappings.c memory.c)
