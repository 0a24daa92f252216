"""Releases of a ledger: chosen events frozen as of a day into a folder that can be cited, checked, and made again."""
