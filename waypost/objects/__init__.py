"""Custom objects: schemas that people define, their records, and the contacts, companies and records these belong to.

Facts: a contact's record was created, updated, linked, unlinked. Condition: has records whose fields meet tests.
"""
