"""Changing workspaces, users, sessions and keys."""
