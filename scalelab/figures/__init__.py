"""The figures of the notebooks: each a pure function that draws one, with a description for those who cannot see it."""
