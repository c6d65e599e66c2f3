"""Files of content in a project: whose each is, what says so, and what is open about it."""
