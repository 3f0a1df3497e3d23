"""Writes: schemas, records, and what records belong to."""
