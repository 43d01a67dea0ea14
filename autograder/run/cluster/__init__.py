"""A class judged on the workers of a Dask cluster. Nothing here is imported by a run without --scheduler."""
