"""nbgrader's converters for students whose names glob would read as patterns."""

import glob
import os

from nbgrader.converters import BaseConverter
from nbgrader.converters.base import NbGraderException


class AnyName(BaseConverter):
    """Finds notebooks as nbgrader does, and takes the folder of a student literally once it is found."""

    def init_notebooks(self) -> None:
        """Find what is to be converted. Raises NbGraderException if there is nothing."""
        wanted = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        notebooks = f"{self.coursedir.notebook_id}.ipynb"
        found = {folder: glob.glob(os.path.join(glob.escape(folder), notebooks)) for folder in glob.glob(wanted)}
        self.assignments = {folder: paths for folder, paths in found.items() if paths}
        self.notebooks: list[str] = []
        if not self.assignments:
            raise NbGraderException(f"No notebooks were matched by '{wanted}'")
