"""Ways out: SMTP, and one that keeps messages in memory for tests."""
