// SPDX-License-Identifier: LicenseRef-Somebody
export function send(message) {
  return message.trim();
}
