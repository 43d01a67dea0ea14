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


# ---- hidden: nothing below this line reaches a student ----


def expect_order(steps, wanted, told):
    """Expect the letters of `wanted` to be among the steps, in that order. Raises Unexpected."""
    places = [steps.find(letter) for letter in wanted]
    if -1 in places or places != sorted(places):
        raise Unexpected("steps are missing, or stand in another order", told)


def expect_without(steps, strays):
    """Expect none of the letters in `strays`, letter → what to think about. Raises Unexpected."""
    for letter, told in strays.items():
        if letter in steps:
            raise Unexpected(f"step {letter} is no part of the block", told)


@test_case(points=0.5, hidden=True)
def wide_in_the_middle(block_steps):
    steps = steps_of(block_steps)
    expect_without(
        steps,
        {
            "j": "Is the block narrow in the middle, as a bottleneck of ResNet is, or wide?",
            "g": "The filter works on many channels: what makes it cheap?",
        },
    )
    expect_order(steps, "bd", "What happens before the filter, so that it has many channels to work on?")


@test_case(points=0.5, hidden=True)
def gated_while_wide(block_steps):
    steps = steps_of(block_steps)
    expect_without(steps, {"k": "Pooling happens inside squeeze-and-excitation: the map keeps its size."})
    last = "e" if "e" in steps else "f"
    expect_order(steps, f"dh{last}", "Where are there most channels to choose from? There they are gated.")


@test_case(points=0.5, hidden=True)
def a_linear_projection(block_steps):
    steps = steps_of(block_steps)
    activated = "Few channels hold all there is at the end: what would an activation function do to it?"
    expect_without(steps, {"f": activated, "c": activated})
    expect_order(steps, "de", "Which step makes few channels of many again, and when?")


@test_case(points=0.5, hidden=True)
def the_input_is_added_to_what_was_kept(block_steps):
    steps = steps_of(block_steps)
    expect_order(steps, "ia", "What is dropped: the branch alone, or the sum with the input?")
    last = "e" if "e" in steps else "f"
    expect_order(steps, f"{last}i", "The branch is dropped when it is complete.")
