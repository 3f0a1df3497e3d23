"""Contacts taken away as files: once or on a schedule, as CSV or XLSX, written in parts that survive a crash."""
