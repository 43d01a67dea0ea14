"""Results rendered into nbgrader and into otter, at the points that each offers."""
