"""The network: what is fetched from publishers, guarded, politely, and with a record of how it came."""
