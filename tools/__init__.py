"""Tools of the house: the door, the lints, the benchmarks."""
