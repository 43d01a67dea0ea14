"""autograder: the instructors' package. It releases the course and grades it; no student's machine holds it."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # jsonschema's, for addresses in other scripts: a second
