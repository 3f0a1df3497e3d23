"""Waypost: marketing automation and CRM on one's own server."""

__version__ = "0.1.0"
