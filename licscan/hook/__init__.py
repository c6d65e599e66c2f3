"""What a commit brings: its staged locks, manifests and files against those before it, and what follows from that."""
