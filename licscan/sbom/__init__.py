"""The room of SBOMs: one model for all formats, made from a scan (`from_scan`) or read, and written (`write`)."""
