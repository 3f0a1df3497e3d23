"""The house's own lints over Python sources; each rule is a function from a module to what is wrong in it.

A line may be excused with `# lint: <rule> because <reason>`, on it, on the line above, or on the loop.
"""
