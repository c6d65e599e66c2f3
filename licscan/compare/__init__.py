"""Two states held against each other: findings, packages, evidence and licenses over time."""
