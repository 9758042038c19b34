# SPDX-License-Identifier: Apache-2.0
# The physical interrupt controller: exactly one.
bao_sources_if(CONFIG_GICV3 gicv3.c)
