"""Answers that stand in another notebook than their own count nowhere: the student is told where they stand."""

from collections.abc import Mapping
from dataclasses import replace

from autograder.course.skeleton import Skeleton
from autograder.course.submission import Submission
from autograder.intake.rebuild import Rebuilt
from autograder.intake.recognise import definitions


def told_of_other_notebooks(cleaned: Mapping[str, Rebuilt], skeletons: Mapping[str, Skeleton]) -> dict[str, Rebuilt]:
    """The same notebooks, with a sentence for each answer that is missing in one of them and stands in another.

    Args:
        cleaned: of one student, by name.
        skeletons: the notebooks of the release, by name.
    """
    defined = {name: _defined_by_student(one.submission) for name, one in cleaned.items()}
    told = {}
    for name, one in cleaned.items():
        sentences = []
        for cell in one.submission.cells if not one.submission.problem else ():
            wanted = skeletons[name].by_id[cell.id].defines if cell.role == "answer" and not cell.touched else None
            other = next((each for each, names in defined.items() if each != name and wanted in names), "")
            if other:
                where = f"{wanted} stands in {other}.ipynb and is not in {name}.ipynb: put it into its answer cell."
                sentences.append((cell.question, where))
        absent = (*one.submission.absent, *sentences)
        told[name] = replace(one, submission=replace(one.submission, absent=absent)) if sentences else one
    return told


def _defined_by_student(submission: Submission) -> frozenset[str]:
    """The names that a notebook's answers and the student's own cells define."""
    cells = (cell for cell in submission.cells if cell.runs and (cell.role == "added" or cell.touched))
    return frozenset(name for cell in cells for name in definitions(cell.source))
