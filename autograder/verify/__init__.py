"""Evidence that the grader is right: an answer bank, played through both engines, and mutants of the model solution."""
