"""From what was handed in to a clean submission, or a clear reason why not."""
