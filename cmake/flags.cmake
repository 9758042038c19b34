# SPDX-License-Identifier: Apache-2.0
#
# How the hypervisor is compiled and linked. BAO_TARGET_FLAGS is what any code for the target needs,
# bare-metal guests included; BAO_HYP_FLAGS is added for the hypervisor.

# Debug information and __FILE__ name files as if the tree were /bao and the build folder /bao/build, so
# that the bytes do not depend on where either is. The longer path decides when one contains the other.
set(BAO_PREFIX_MAP
	-ffile-prefix-map=${CMAKE_SOURCE_DIR}=/bao
	-ffile-prefix-map=${CMAKE_BINARY_DIR}=/bao/build
)

set(BAO_TARGET_FLAGS
	-std=c11 -ffreestanding -fno-common -fno-pic -fno-pie -fno-stack-protector
	-fno-asynchronous-unwind-tables -g ${BAO_PREFIX_MAP}
)
if(CONFIG_AARCH64)
	# No floating point: its registers are the guests'. No unaligned access: before the MMU is on,
	# memory is Device memory.
	list(APPEND BAO_TARGET_FLAGS -march=${CONFIG_ARM_MARCH} -mgeneral-regs-only -mstrict-align)
endif()

if(CONFIG_OPTIMIZE_SIZE)
	set(BAO_OPTIMIZATION -Os)
elseif(CONFIG_OPTIMIZE_DEBUG)
	set(BAO_OPTIMIZATION -Og)
else()
	set(BAO_OPTIMIZATION -O2)
endif()

set(BAO_WARNINGS
	-Wall -Wextra -Werror -Wconversion -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wcast-qual -Wwrite-strings -Wpointer-arith
)

# Frame pointers are what a panic's backtrace walks.
set(BAO_HYP_FLAGS
	${BAO_TARGET_FLAGS} ${BAO_OPTIMIZATION} ${BAO_WARNINGS}
	-fno-omit-frame-pointer -momit-leaf-frame-pointer
)
# Atomics inline, not by calls into the compiler's library, which is not linked.
list(APPEND BAO_HYP_FLAGS -mno-outline-atomics)
if(CONFIG_TOOLCHAIN_CLANG)
	# Its assembler names source files by their real path whatever the prefix map says.
	list(APPEND BAO_HYP_FLAGS $<$<COMPILE_LANGUAGE:ASM>:-g0>)
endif()

set(BAO_LINK_FLAGS
	-nostdlib -static
	LINKER:--build-id=none LINKER:-z,max-page-size=4096 LINKER:-z,noexecstack LINKER:--fatal-warnings
)
if(CONFIG_TOOLCHAIN_CLANG)
	list(APPEND BAO_LINK_FLAGS -fuse-ld=lld)
else()
	list(APPEND BAO_LINK_FLAGS -no-pie)
endif()
