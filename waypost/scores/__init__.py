"""Scores: points that contacts earn by rules, lose when the time of the points is over, or are given by hand.

A rule gives its points once to whoever meets its condition, whenever that is. Every award stands by itself, so that
a score can always say what it is made of; what it adds up to is kept beside, for conditions and sorting.
"""
