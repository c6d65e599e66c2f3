"""Evidence to a conclusion, and what disagreed."""
