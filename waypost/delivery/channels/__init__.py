"""Ways out of the house."""
