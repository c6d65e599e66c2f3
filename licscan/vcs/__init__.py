"""Git: what it says, the files of a commit, and the files that its index names."""
