// Copyright (c) 2020 Acme Chat, Inc.
// SPDX-License-Identifier: MIT
// Parts are licensed under the Apache License, Version 2.0.
export function send(message) {
  return message.trim();
}
