"""What Python programs and notebooks use: a ledger as a project, events as tables, and one text at a time.

`import dateline` brings nothing of this before it is asked for. docs/python.md is the tour, docs/api.md the reference.
"""
