"""What other coders made of the world, read: rows of ACLED, GDELT and UCDP tables as reports with the claim that each makes.

A row is its own source. It is written out as words, its notes first, and every value of the claim points at the words that give it;
what was worked out from codes says by which table. Nothing of theirs is kept in this package.
"""
