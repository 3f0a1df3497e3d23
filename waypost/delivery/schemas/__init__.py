"""Bodies of the delivery routes, one file a noun."""
