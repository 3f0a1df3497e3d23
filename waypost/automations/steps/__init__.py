"""The steps that steer: they decide where contacts go and when, and write nothing themselves."""
