"""Saved sets of contacts, and the one condition grammar.

Owns the tree (all, any, none, not of conditions), its validation against the registry, its plan and
compilation to SQL; segments, trees with a name, and their members, kept current by the log and by time.
Offers the condition `in_segment`. Records who enters and leaves a segment.
"""
