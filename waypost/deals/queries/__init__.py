"""Reads of deals, pipelines and tasks."""
