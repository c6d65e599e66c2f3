// Copyright (c) 2020 Acme Chat, Inc.
// SPDX-License-Identifier: MIT

export function send(message) {
  return message.trim();
}
