"""JavaScript formats: package.json, the locks of npm, yarn, pnpm, bun and deno."""
