"""Reads about contacts, by noun."""
