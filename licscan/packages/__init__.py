"""What packages are called and say of themselves: PackageURLs, patterns, metadata, RECORD, names of files."""
