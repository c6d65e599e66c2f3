// SPDX-License-Identifier: AGPL-3.0-only
export function send(message) {
  return message.trim();
}
