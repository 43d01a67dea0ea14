"""x_order: the steps of MBConv as a puzzle, with steps among them that do not belong."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, plain

OK_FORMAT = False
name = "x_order"
points = 2
bonus = True

LETTERS = "abcdefghijk"


def steps_of(block_steps):
    """The steps as a text of letters, "bad" for b, a, d; of what is anything else it is told what it is."""
    try:
        read = plain(block_steps)
    except NotAValue:
        raise Unexpected(
            "block_steps is no plain value", "A text of letters is asked for, or a list of them."
        ) from None
    if read is None or read in ("", []):
        raise Unexpected("block_steps is empty", "Your letters go into `block_steps`.")
    if isinstance(read, list) and all(isinstance(one, str) for one in read):
        read = "".join(read)
    if not isinstance(read, str):
        raise Unexpected("block_steps is no text", "A text of letters is asked for, or a list of them.")
    letters = [letter for letter in read.lower() if letter not in " ,;→->"]
    strange = sorted(set(letters) - set(LETTERS))
    if strange:
        raise Unexpected(f"there is no step {strange[0]!r}", "The letters of the table are asked for: a to k.")
    twice = sorted(letter for letter in set(letters) if letters.count(letter) > 1)
    if twice:
        raise Unexpected(f"step {twice[0]} stands there twice", "Each step is taken once at most.")
    return "".join(letters)


@test_case(points=0)
def letters_of_the_table(block_steps):
    """The form alone. Whether the order is right is seen after handing in."""
    steps_of(block_steps)
