"""Numbered SQL files, forward only; `waypost.kernel.migrate` runs them in order."""
