# SPDX-License-Identifier: Apache-2.0
# Arm, common to profiles and execution states; then AArch64's own.
bao_sources(smccc.c psci.c)
bao_sources(vgic/vgic.c vgic/vgic_mmio.c vgic/vgic_v3.c)
bao_sources(aarch64/start.S aarch64/vectors.S aarch64/cpu.c aarch64/firmware.c aarch64/panic.c
            aarch64/refuse.c aarch64/trap.c aarch64/vcpu.c)

# Runs wherever it was put: no address but PC-relative ones.
bao_source_flags(aarch64/refuse.c -mcmodel=tiny)
