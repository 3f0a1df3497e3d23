"""Writes of deals, pipelines and tasks."""
