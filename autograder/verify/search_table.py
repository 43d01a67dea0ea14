"""What the search for holes found, as a table, with a line for each hole."""

from rich.console import Console

from autograder.verify.searched import DIFFERS, KILLED, SAME, UNSTEADY, Searched
from autograder.verify.table import new_table


def show_search(found: list[Searched], console: Console) -> bool:
    """Print what the search found for each question, and each hole.

    Args:
        found: every mutant that was tried, and the right answers as they are.
        console: where to print.

    Returns:
        Whether there is no hole.
    """
    table = new_table("question", "right answers", "mutants", "killed", "no difference", "excused", "holes")
    for question in [*dict.fromkeys(one.question for one in found), "all"]:
        of_it = [one for one in found if question in ("all", one.question)]
        mutants = [one for one in of_it if one.change]
        counts = (
            len(of_it) - len(mutants),
            len(mutants),
            sum(one.fate == KILLED for one in mutants),
            sum(one.fate == SAME for one in mutants),
            sum(one.fate in (DIFFERS, UNSTEADY) and bool(one.why) for one in mutants),
            sum(one.is_hole for one in of_it),
        )
        table.add_row(question, *map(str, counts), style="bold" if question == "all" else "")
    console.print(table)
    holes = [one for one in found if one.is_hole]
    for one in holes:
        told = f"HOLE {one.question}, {one.answer!r}, {one.change or 'as it is'}: {one.fate}: {one.shown}"
        console.print(told, markup=False, soft_wrap=True)
    return not holes
