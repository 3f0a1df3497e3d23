"""Bodies of the automation routes, one file a noun."""
