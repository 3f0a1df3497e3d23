"""One message to many: audience, variants, schedule, sending, and what came of it.

Owns the schema `campaigns`. Messages go out through the ledger of delivery; what happens to them comes back
through the log.
"""
