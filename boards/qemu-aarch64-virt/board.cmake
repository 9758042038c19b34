# SPDX-License-Identifier: Apache-2.0
#
# How this board is run: QEMU. tools/run.py adds -smp (as many CPUs as the plan uses), the consoles and
# the image.
bao_run_in_qemu(
	MINIMUM_VERSION 9.0
	COMMAND qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a53 -m 1G
		-nographic -nic none
)
