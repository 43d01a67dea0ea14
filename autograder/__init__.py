"""autograder: the instructors' package. It releases the course and grades it; no student's machine holds it."""

import sys

# jsonschema's, for addresses in other scripts: a second. None says that there is no such module.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # typeshed knows of modules only
