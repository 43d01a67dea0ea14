"""Students with similar code: a pointer for a person."""
