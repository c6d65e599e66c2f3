"""What every room needs: errors, messages, hostile text and files, tables, the clock, caches."""
