"""Reads: schemas, records, and what they belong to."""
