/**
 * @license Wrapper 2.0.1
 * Copyright 2015 Wrap Corp
 * Licensed under the Apache License, Version 2.0
 */
export function send(message) {
  return message.trim();
}
