"""Bytes to documents: sources -> reports (`readers`), a report -> its document (`read`)."""
