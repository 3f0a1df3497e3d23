"""One change for many contacts: done in parts that survive a crash, watched while it runs, and undone."""
