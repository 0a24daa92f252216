"""How good a coding is against one by hand: which records were found, which fields of them are right, with intervals.

Pure functions over records of both; docs/evaluation.md has the forms of gold sets.
"""
