"""Counsel's decisions: what they are, the chain that holds them, which findings they cover, and how they travel."""
