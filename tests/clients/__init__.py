"""Public clients of other people, run unmodified against a real server; not part of the suite, since they install."""
