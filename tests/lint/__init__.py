"""The lints themselves: each rule catches what it is for and honours an excuse."""
