"""autograder: the instructors' package. It releases the course and grades it; no student's machine holds it."""
