"""q5: the largest prime below 1000, in a file."""

from otter.test_files import test_case

from notebook_checks import Unexpected, expect_equal, handed_in, remark

OK_FORMAT = False
name = "q5"
points = 3


def written():
    text = handed_in("largest.txt").read_text(encoding="utf-8").strip()
    if not text.isdigit():
        raise Unexpected("largest.txt holds no number", "largest.txt holds one number and nothing else.")
    return int(text)


@test_case(points=1)
def the_file_holds_a_number():
    if written() > 1000:
        remark("largest.txt boasts")


# ---- hidden: nothing below this line reaches a student ----


@test_case(points=2, hidden=True)
def the_number_is_the_largest():
    expect_equal(written(), 997, {991: "Is there no larger one?"})
