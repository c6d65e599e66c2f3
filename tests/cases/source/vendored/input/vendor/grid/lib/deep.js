export function send(message) {
  return message.trim();
}
