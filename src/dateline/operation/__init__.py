"""What whoever runs Dateline needs: logs, metrics, back-ups, and a look at what is amiss."""
