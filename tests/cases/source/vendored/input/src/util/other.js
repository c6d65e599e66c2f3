// Copyright 2011 Ola Nord
export function send(message) {
  return message.trim();
}
