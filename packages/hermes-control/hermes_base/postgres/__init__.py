"""The database: pool, schema and migrations, the embedded server, notifications, the audit."""
