/*
 * Copyright (C) 1999 Jo Kim
 * SPDX-License-Identifier: BSD-3-Clause
 */
int three;
