"""A ledger published to PostgreSQL, and kept in step."""
