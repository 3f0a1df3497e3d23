"""Writing to the ledger, the suppressions and the sender."""
