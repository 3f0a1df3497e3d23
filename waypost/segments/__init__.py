"""Saved sets of contacts, and the one condition grammar.

Owns the tree (all, any, none of conditions), its validation against the registry, its compilation
to SQL, and segments: trees with a name. Offers the condition `in_segment`. Records no facts.
"""
