# Copyright 2022 Acme
# SPDX-License-Identifier: BSD-2-Clause

x = 1
