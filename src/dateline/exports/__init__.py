"""Events in the formats of other programs: pure functions from events in full to bytes, a module a family of formats."""
