"""The composition root: which domains there are, and the processes that serve them."""
