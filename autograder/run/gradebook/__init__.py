"""nbgrader's gradebook: what is written into it, and what TAs have put there."""
