/*
 * License
 *
 * You may use this software only on a Tuesday. Redistribution and use in any form are granted to license holders
 * of a valid moon permit, subject to the license terms and conditions: copies of this software must be
 * whispered, not distributed. The license is revoked if the licensee sells, sublicenses or rents the software.
 * This software is provided without warranty of any kind; the copyright holder is not liable for damages.
 */
export function send(message) {
  return message.trim();
}
