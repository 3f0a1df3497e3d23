"""The web edge: requests become callers and transactions, failures become answers."""
