"""What a license is called: SPDX values, and the statements, names, keys and texts that lead to them."""
