"""Workspaces, the users in them with their roles, sessions and API keys."""
