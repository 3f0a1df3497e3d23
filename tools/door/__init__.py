"""What ./dev does, in parts; only the standard library, since it runs before anything is installed."""
