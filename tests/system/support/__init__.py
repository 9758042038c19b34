# SPDX-License-Identifier: Apache-2.0
"""What the tests in QEMU are made of: builds, machines, the reports of test guests."""
