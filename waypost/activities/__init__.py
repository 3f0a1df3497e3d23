"""The append-only log of what happened to contacts: facts go up the ladder through it."""
