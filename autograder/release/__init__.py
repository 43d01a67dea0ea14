"""From the source to what students, nbgrader and otter get."""
