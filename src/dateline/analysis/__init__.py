"""What the events of a ledger come to, for those who analyse them: series, dyads, the spread of a wave, answers to protest, before
and after.

Pure functions over rows of a board or linked events give frozen records; every number of them has bounds, or says how many events
it leaves out. The rules of bounds are those of docs/accounts.md; none is made here.
"""
