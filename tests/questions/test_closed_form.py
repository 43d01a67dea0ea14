"""The closed form behind q3_net's hints gives the integers that are published, and those of each known mistake."""

import pytest

from autograder.course.questions import read_question
from tests.compound import COURSE

PUBLISHED = [5288548, 7794184, 9109994, 12233232, 19341616, 30389784, 43040704, 66347960]
MACS = [385814752, 686802832, 993561872, 1827141392, 4393771024, 10266384752, 19067593536, 37745884192]
MISTAKEN = [
    (0, "expanded", 8423848), (0, "gateless", 4652008), (0, "biased", 5309556), (0, "expanded by one", 5289636),
    (0, "small kernels", 5187172), (1, "rounded repeats", 5288548), (2, "fixed head", 8936682),
    (2, "cut channels", 9227488), (3, "no tenth", 12227212),
]  # fmt: skip


@pytest.fixture(scope="module")
def net() -> dict:
    """The names of the test file."""
    names: dict = {}
    exec(read_question(COURSE.questions / "q3_net.py").text, names)
    return names


def test_it_gives_the_published_integers(net):
    assert [net["cost"](*variant) for variant in net["VARIANTS"]] == list(zip(PUBLISHED, MACS, strict=True))


@pytest.mark.parametrize("variant, mistake, parameters", MISTAKEN)
def test_each_known_mistake_comes_to_its_number(net, variant, mistake, parameters):
    assert net["cost"](*net["VARIANTS"][variant], mistake=mistake)[0] == parameters
