"""Numbers for people to look at, one module a subject."""
