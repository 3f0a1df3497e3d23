"""Jobs and schedules, kept and handed out by PgQueuer in PostgreSQL."""
