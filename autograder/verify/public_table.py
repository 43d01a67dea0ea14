"""What the public checks caught of the bank's wrong answers, as a table, with a line for each that they let pass."""

from rich.console import Console

from autograder.verify.public_checks import Checked
from autograder.verify.table import new_table

CAUGHT = 0.85
"""This part of the wrong answers, at least, is caught before a student hands in."""


def show_public(found: list[Checked], console: Console) -> bool:
    """Print what the public checks caught of each question's answers.

    Args:
        found: every answer of the bank, or those of one question.
        console: where to print.

    Returns:
        Whether no right answer is refused, and the share of wrong ones that are caught is at least CAUGHT.
    """
    table = new_table("question", "right passed", "wrong caught", "caught %", "with a hint")
    for question in [*dict.fromkeys(one.answer.question for one in found), "all"]:
        of_it = [one for one in found if question in ("all", one.answer.question)]
        right, wrong = ([one for one in of_it if one.answer.right is kind] for kind in (True, False))
        caught = [one for one in wrong if one.caught]
        row = (
            f"{sum(not one.caught for one in right)}/{len(right)}",
            f"{len(caught)}/{len(wrong)}",
            f"{len(caught) / max(1, len(wrong)):.0%}",
            f"{sum(bool(one.hint) for one in caught)}/{len(caught)}",
        )
        table.add_row(question, *row, style="bold" if question == "all" else "")
    console.print(table)
    refused = [one for one in found if one.answer.right and one.caught]
    for one in refused:
        console.print(f"REFUSED {one.answer}: {one.said}", markup=False, soft_wrap=True)
    wrong = [one for one in found if not one.answer.right]
    for one in (one for one in wrong if not one.caught):
        console.print(f"passes {one.answer}", markup=False, soft_wrap=True)
    return not refused and sum(one.caught for one in wrong) >= CAUGHT * len(wrong)
