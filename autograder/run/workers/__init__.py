"""Who judges, and what a worker does for one student."""
