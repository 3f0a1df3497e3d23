"""Machinery without business words: settings, transactions, SQL fragments, registry, HTTP, jobs."""
