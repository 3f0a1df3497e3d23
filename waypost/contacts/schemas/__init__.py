"""Bodies of the contacts routes: one file a noun."""
