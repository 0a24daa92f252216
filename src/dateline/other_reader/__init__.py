"""Another reader: a large language model, on this machine or elsewhere, that proposes records; what it cannot show is refused."""
