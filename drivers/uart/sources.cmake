# SPDX-License-Identifier: Apache-2.0
# The console's UART: exactly one.
bao_sources_if(CONFIG_UART_PL011 pl011.c)
