"""Made packages and projects for scripts/differential_clients: everything from a seed, nothing from outside."""
