"""The test files of notebooks 1 and 2 give full points to right answers, and to wrong ones a hint."""

import itertools
import re
from functools import lru_cache
from pathlib import Path

import jupytext
import pytest
from otter.test_files.exception_test import ExceptionTestFile

from scalelab.checking import Unexpected, judging

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "solutions" / "compound_scaling"
QUESTIONS = ROOT / "autograder" / "questions"
HIDDEN = "# ---- hidden: nothing below this line reaches a student ----\n"
POINTS = {"q1_2": 4, "q1_3": 4, "q1_4": 4, "q2_2": 6, "q2_3": 4, "q3_1": 12, "x2_grid": 3}
NOTEBOOKS = ("1_intuition", "2_compound_scaling")


@lru_cache
def cells(notebook):
    return jupytext.read(SOURCES / f"{notebook}.py").cells


def answers():
    """The names that the model answers define."""
    names = {}
    exec("import math", names)
    for notebook in NOTEBOOKS:
        for cell in cells(notebook):
            if cell.cell_type == "code" and cell.metadata.get("role") == "answer":
                exec(cell.source, names)
    return names


def text_of(question):
    return (QUESTIONS / f"{question}.py").read_text()


def run(text, names, seed):
    """The points earned, the points there are, and what was said about each case that failed."""
    tests = ExceptionTestFile.from_string(text)
    earned, said = 0.0, []
    with judging(seed, make=lambda source: eval(source, {})):
        for case in tests.test_cases:
            try:
                case.body.call_func(names)
                earned += case.points
            except Unexpected as problem:
                said.append((case.body.test_func.__name__, problem.hint, str(problem)))
            except Exception as problem:  # the student's own, as the judge would tell it
                said.append((case.body.test_func.__name__, None, repr(problem)))
    return earned, sum(case.points for case in tests.test_cases), said


@pytest.mark.parametrize("question", POINTS)
def test_model_answers_get_all_points(question):
    names = answers()
    for seed in range(20):
        earned, possible, said = run(text_of(question), names, seed)
        assert (earned, possible, said) == (POINTS[question], POINTS[question], [])


@pytest.mark.parametrize("question", POINTS)
def test_the_public_text_runs_alone_and_is_worth_about_a_quarter(question):
    public, line, _ = text_of(question).partition(HIDDEN)
    assert line
    earned, possible, said = run(public, answers(), seed=1)
    assert earned == possible and not said
    assert 0.2 <= possible / POINTS[question] <= 0.35


@pytest.mark.parametrize("question", POINTS)
def test_files_say_what_they_are(question):
    text = text_of(question)
    tests = ExceptionTestFile.from_file(str(QUESTIONS / f"{question}.py"))
    stated = {}
    public, _, hidden = text.partition(HIDDEN)
    exec(text, stated)
    assert (tests.name, stated["points"], stated["OK_FORMAT"]) == (question, POINTS[question], False)
    assert stated.get("bonus", False) == question.startswith("x")
    assert text.startswith(f'"""{question}: ')
    assert "hidden=True" not in public
    assert hidden.count("@test_case(") == hidden.count("hidden=True")


@pytest.mark.parametrize("question", POINTS)
def test_no_hidden_line_stands_in_what_students_get(question):
    """The release refuses more than this does; here are the lines of 25 characters and the rows of three."""
    public, _, hidden = text_of(question).partition(HIDDEN)
    given = [line.strip() for line in public.splitlines() if line.strip()]
    kept = [line.strip() for line in hidden.splitlines() if line.strip()]
    long = {line for line in kept if len(re.sub(r"\s", "", line)) >= 25}
    assert not long & set(given)
    rows = set(zip(given, given[1:], given[2:], strict=False))
    assert not rows & set(zip(kept, kept[1:], kept[2:], strict=False))


@pytest.mark.parametrize("question", POINTS)
def test_hints_are_sentences_and_the_same_for_everybody(question):
    hidden = text_of(question).partition(HIDDEN)[2]
    assert not re.findall(r"\bf[\"'][^\"']*[?.][\"']", hidden)


def test_every_question_has_its_cells():
    for notebook in NOTEBOOKS:
        found = [(cell.metadata.get("question"), cell.metadata.get("role"), cell) for cell in cells(notebook)]
        for question in {name for name, _, _ in found if name}:
            roles = [role for name, role, _ in found if name == question]
            if "written" in roles:
                assert roles == ["written", "rubric", "answer"]
                continue
            assert roles[-1] == "check" and roles.count("check") == 1
            check = next(cell for name, role, cell in found if (name, role) == (question, "check"))
            assert check.source == f'grader.check("{question}")'


# ---- wrong answers


def wrong(question, source, earned, *fragments):
    """earned: the exact points, or None for any below full. fragments: of hints that must be told."""
    label = source.strip().splitlines()[-1].strip()[:50]
    return pytest.param(question, source, earned, fragments, id=f"{question}-{label}")


def shape(body):
    return f"def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):\n    {body}"


def convolution(body):
    return (
        "def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):\n"
        "    up = lambda size: math.ceil(size / stride)\n"
        f"    {body}"
    )


def channels(body):
    return f"def round_channels(channels, width, divisor=8):\n    x = channels * width\n    {body}"


def emerge(body):
    return (
        "def emergence_phis(repeats, alpha, phi_max):\n"
        "    at = lambda k: math.log(k / repeats) / math.log(alpha)\n"
        "    right = [at(k) for k in range(repeats, 999) if at(k) < phi_max]\n"
        f"    {body}"
    )


def search(
    cost="a * b * b * c * c",
    keep="abs(cost - budget) <= tolerance",
    values="[1 + i * step for i in range(round(1 / step) + 1)]",
    order="sorted(found)",
):
    return (
        "def grid_search(budget, step, tolerance):\n"
        f"    values = {values}\n"
        "    found = []\n"
        "    for a in values:\n        for b in values:\n            for c in values:\n"
        f"                cost = {cost}\n"
        f"                if {keep}:\n"
        "                    found.append((abs(cost - budget), (a, b, c)))\n"
        f"    return [triple for _, triple in {order}]"
    )


FLOOR = "Where the stride does not divide the size"
WRONG = [
    wrong("q1_2", shape("return height // stride, width // stride, out_channels"), 3, FLOOR),
    wrong("q1_2", shape("return height / stride, width / stride, out_channels"), 3, "half a pixel"),
    wrong(
        "q1_2",
        shape("return height // stride + 1, width // stride + 1, out_channels"),
        1,
        "the stride divides the size",
    ),
    wrong(
        "q1_2",
        shape("return -(-height // stride), width, out_channels"),
        None,
        "to the height and to the width",
    ),
    wrong(
        "q1_2",
        shape("return -(-width // stride), -(-height // stride), out_channels"),
        None,
        "Height comes first",
    ),
    wrong(
        "q1_2",
        shape("return -(-height // stride), -(-width // stride), in_channels"),
        2,
        "How many channels leave",
    ),
    wrong(
        "q1_2",
        shape("return -(-height // stride**repeats), -(-width // stride**repeats), out_channels"),
        2,
        "How many of the stage's layers",
    ),
    wrong(
        "q1_2",
        shape("return out_channels, -(-height // stride), -(-width // stride)"),
        0,
        "channels come last",
    ),
    wrong("q1_2", shape("print(height // stride)"), 0, "only print it"),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    def network(x):\n"
        "        for layer, repeats in reversed(stages):\n"
        "            for _ in range(repeats): x = layer(x)\n"
        "        return x\n"
        "    return network",
        None,
        "sees the input first",
    ),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    def network(x):\n"
        "        for layer, repeats in stages: x = layer(x)\n"
        "        return x\n"
        "    return network",
        None,
        "applied as often",
    ),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    def network(x):\n"
        "        for layer, repeats in stages:\n"
        "            for _ in range(max(1, repeats)): x = layer(x)\n"
        "        return x\n"
        "    return network",
        3.5,
        "power 0",
    ),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    left = iter(stages)\n"
        "    def network(x):\n"
        "        for layer, repeats in left:\n"
        "            for _ in range(repeats): x = layer(x)\n"
        "        return x\n"
        "    return network",
        3.5,
        "A second call",
    ),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    network = None\n"
        "    for layer, repeats in stages:\n"
        "        for _ in range(repeats):\n"
        "            network = (lambda f, g: lambda x: g(f(x)))(network, layer) if network else layer\n"
        "    return network",
        3.5,
    ),
    wrong("q1_3", "def compose(stages):\n    return lambda x: stages[-1][0](x)", None, "Only the last stage"),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    global kept\n"
        "    kept = stages\n"
        "    def network(x):\n"
        "        for layer, repeats in kept:\n"
        "            for _ in range(repeats): x = layer(x)\n"
        "        return x\n"
        "    return network",
        3.5,
    ),
    wrong(
        "q1_3",
        "def compose(stages):\n"
        "    def network(x):\n"
        "        for _ in range(max(count for _, count in stages)):\n"
        "            for layer, _ in stages: x = layer(x)\n"
        "        return x\n"
        "    return network",
        None,
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    return [(resolution * h, w, width * c, depth * n) for h, w, c, n in stages]",
        None,
        "two sides",
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    return [(resolution * h, resolution * w, depth * c, width * n) for h, w, c, n in stages]",
        None,
        "which the depth",
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    r = resolution\n"
        "    return [(r * h, r * w, width * c, math.ceil(depth * n)) for h, w, c, n in stages]",
        3,
        "nothing is rounded",
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    r = resolution\n"
        "    return [(int(r * h), int(r * w), int(width * c), int(depth * n)) for h, w, c, n in stages]",
        3,
        "nothing is rounded",
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    for i, (h, w, c, n) in enumerate(stages):\n"
        "        stages[i] = (resolution * h, resolution * w, width * c, depth * n)\n"
        "    return stages",
        None,
        "build a new one",
    ),
    wrong(
        "q1_4",
        "def scale_stages(stages, depth, width, resolution):\n"
        "    return [(resolution * h, width * w, width * c, depth * n) for h, w, c, n in stages]",
        None,
        "map's second side",
    ),
    wrong(
        "q1_4",
        "def is_feasible(memory, flops, target_memory, target_flops):\n"
        "    return memory < target_memory and flops < target_flops",
        3.5,
        "exactly at the limit",
    ),
    wrong(
        "q1_4",
        "def is_feasible(memory, flops, target_memory, target_flops):\n"
        "    return memory <= target_memory or flops <= target_flops",
        3,
        "is one enough",
    ),
    wrong(
        "q1_4",
        "def is_feasible(memory, flops, target_memory, target_flops):\n"
        "    return memory + flops <= target_memory + target_flops",
        3,
        "is one enough",
    ),
    wrong(
        "q2_2",
        convolution("return 2 * up(height) * up(width) * in_channels // groups * out_channels * kernel**2"),
        3.5,
        "or of FLOPs",
    ),
    wrong(
        "q2_2",
        convolution("return up(height) * up(width) * in_channels * out_channels * kernel**2"),
        5.5,
        "how many of the inputs",
    ),
    wrong(
        "q2_2",
        convolution("return up(height) * up(width) * (in_channels // groups) * (out_channels // groups) * kernel**2"),
        5.5,
        "or the outputs as well",
    ),
    wrong(
        "q2_2",
        convolution("return height * width * (in_channels // groups) * out_channels * kernel**2"),
        5,
        "What does the stride do",
    ),
    wrong(
        "q2_2",
        convolution(
            "return (height // stride) * (width // stride) * (in_channels // groups) * out_channels * kernel**2"
        ),
        5.5,
        FLOOR,
    ),
    wrong(
        "q2_2",
        convolution("return up(height) * up(width) * (in_channels // groups) * out_channels * kernel"),
        3.5,
        "square",
    ),
    wrong(
        "q2_2",
        convolution("return up(height) * up(width) * (in_channels // groups * kernel**2 + 1) * out_channels"),
        3.5,
        "no bias",
    ),
    wrong(
        "q2_2",
        convolution(
            "return ((height - kernel) // stride + 1) * ((width - kernel) // "
            "stride + 1) * (in_channels // groups) * out_channels * kernel**2"
        ),
        None,
        "Is there padding",
    ),
    wrong(
        "q2_2",
        convolution("return (in_channels // groups) * out_channels * kernel**2"),
        3.5,
        "number of weights",
    ),
    wrong(
        "q2_2",
        "def network_macs(depth, width, resolution, kernel=3):\n    return depth * width * resolution**2 * kernel**2",
        4.5,
        "coming in",
    ),
    wrong(
        "q2_2",
        "def network_macs(depth, width, resolution, kernel=3):\n"
        "    return 2 * depth * width**2 * resolution**2 * kernel**2",
        4.5,
        "or of FLOPs",
    ),
    wrong(
        "q2_2",
        "def network_macs(depth, width, resolution, kernel=3):\n    return depth * width**2 * resolution**2 * 9",
        5.5,
        "kernel always the same",
    ),
    wrong("q2_2", "flops_multiplier = {'depth': 2, 'width': 2, 'resolution': 4}", 5.5, "inputs of the next one"),
    wrong("q2_2", "flops_multiplier = {'depth': 2, 'width': 4, 'resolution': 2}", 5.5, "width of the map"),
    wrong("q2_2", "flops_multiplier = {'depth': 4, 'width': 4, 'resolution': 4}", 5.5, "dearer"),
    wrong("q2_2", "flops_multiplier = {'d': 2, 'w': 4, 'r': 4}", 4, "The keys are"),
    wrong(
        "q2_3",
        "def flops_growth(phi, alpha, beta, gamma):\n    return (alpha * beta * gamma) ** phi",
        None,
        "count twice",
    ),
    wrong(
        "q2_3",
        "def flops_growth(phi, alpha, beta, gamma):\n    return (alpha**2 * beta * gamma**2) ** phi",
        None,
        "not squared",
    ),
    wrong("q2_3", "def flops_growth(phi, alpha, beta, gamma):\n    return 2.0**phi", 1.5, "exact growth"),
    wrong(
        "q2_3",
        "def flops_growth(phi, alpha, beta, gamma):\n    return phi * alpha * beta**2 * gamma**2",
        2,
        "multiplies the cost once more",
    ),
    wrong(
        "q2_3",
        "def flops_growth(phi, alpha, beta, gamma):\n    return (alpha * beta**2 * gamma**2) ** int(phi)",
        3,
        "need not be whole",
    ),
    wrong(
        "q2_3",
        "def flops_growth(phi, alpha, beta, gamma):\n    return (alpha * beta**2 * gamma**2) ** abs(phi)",
        3,
        "negative phi",
    ),
    wrong(
        "q2_3",
        "def flops_growth_rule(phi):\n    return 1.92027**phi",
        2.5,
        "exact for the paper's coefficients",
    ),
    wrong("q2_3", "def flops_growth_rule(phi):\n    return 2 * phi", 2.5, "baseline itself"),
    wrong("q2_3", "def flops_growth_rule(phi):\n    return 1 + phi", 3, "once more"),
    wrong("q2_3", "def flops_growth_rule(phi):\n    return 2 ** int(phi)", 3, "need not be whole"),
    wrong(
        "q3_1",
        "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n"
        "    return gamma**phi, beta**phi, alpha**phi",
        10,
        "belongs to the depth",
    ),
    wrong(
        "q3_1",
        "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n"
        "    return alpha**phi, gamma**phi, beta**phi",
        10,
        "belongs to the width",
    ),
    wrong(
        "q3_1",
        "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n"
        "    return alpha * phi, beta * phi, gamma * phi",
        10.5,
        "once more",
    ),
    wrong(
        "q3_1",
        "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n    return 1.2**phi, 1.1**phi, 1.15**phi",
        11.5,
        "that it is given",
    ),
    wrong(
        "q3_1",
        "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n"
        "    return tuple(max(1, x**phi) for x in (alpha, beta, gamma))",
        11.5,
        "negative phi",
    ),
    wrong(
        "q3_1",
        "def round_repeats(repeats, depth):\n    return round(repeats * depth)",
        10.5,
        "Which way does it round",
    ),
    wrong(
        "q3_1",
        "def round_repeats(repeats, depth):\n    return int(repeats * depth)",
        10.5,
        "kept or dropped",
        "lose its last layer",
    ),
    wrong("q3_1", "def round_repeats(repeats, depth):\n    return int(repeats * depth) + 1", 11, "whole already"),
    wrong(
        "q3_1",
        "def round_repeats(repeats, depth):\n    return max(repeats, math.ceil(repeats * depth))",
        11.5,
        "become shallower",
    ),
    wrong("q3_1", channels("return int(x)"), None, "a multiple of the divisor"),
    wrong("q3_1", channels("return max(divisor, int(x) // divisor * divisor)"), None, "Cutting off"),
    wrong(
        "q3_1",
        channels("return max(divisor, int(x + divisor / 2) // divisor * divisor)"),
        11.5,
        "How large a part",
    ),
    wrong(
        "q3_1",
        channels("n = max(divisor, round(x / divisor) * divisor); return n + divisor if n < 0.9 * x else n"),
        11.5,
        "Halfway",
    ),
    wrong(
        "q3_1",
        channels("n = max(8, int(x + 4) // 8 * 8); return n + 8 if n < 0.9 * x else n"),
        11.5,
        "divisor that it is given",
    ),
    wrong("q3_1", channels("return max(divisor, math.ceil(x / divisor) * divisor)"), None, "nearer"),
    wrong(
        "q3_1",
        channels(
            "x *= width; n = max(divisor, int(x + divisor / 2) // divisor * "
            "divisor); return n + divisor if n < 0.9 * x else n"
        ),
        None,
        "How often is the width",
    ),
    wrong("q3_1", channels("return int(x + divisor / 2) // divisor * divisor"), 11, "what is the least"),
    wrong("q3_1", emerge("return right[1:]"), 10.5, "just past it"),
    wrong(
        "q3_1",
        emerge("return [k for k in range(repeats, repeats + len(right))]"),
        None,
        "not the numbers of layers",
    ),
    wrong(
        "q3_1",
        emerge("return [0.0] + [at(k + 0.5) for k in range(repeats, 999) if at(k + 0.5) < phi_max]"),
        None,
        "nearest would jump",
    ),
    wrong(
        "q3_1",
        emerge("return [math.log(k / repeats) for k in range(repeats, repeats + len(right))]"),
        None,
        "At which power",
    ),
    wrong(
        "q3_1",
        emerge("return right + [math.log((repeats + len(right)) / repeats) / math.log(alpha)]"),
        10,
        "is that end within",
    ),
    wrong("q3_1", emerge("return right[::-1]"), None, "In which order"),
    wrong("q3_1", emerge("return [round(phi, 4) for phi in right]"), None),
    wrong("x2_grid", search(cost="a * b * c"), None, "are squared"),
    wrong("x2_grid", search(cost="a * a * b * b * c"), None, "are squared"),
    wrong("x2_grid", search(keep="abs(cost - budget) < tolerance"), 2.5, "exactly at the tolerance"),
    wrong("x2_grid", search(keep="0 <= budget - cost <= tolerance"), None, "May the cost be above"),
    wrong("x2_grid", search(keep="abs(cost - 2) <= tolerance"), None, "budget that it is given"),
    wrong("x2_grid", search(values="[1 + i * step for i in range(round(1 / step))]"), None, "reach"),
    wrong("x2_grid", search(values="[1 + i * step for i in range(1, round(1 / step) + 1)]"), None, "begin"),
    wrong(
        "x2_grid",
        search(order="found"),
        2,
    ),
    wrong("x2_grid", search(order="sorted(found, reverse=True)"), 2, "first, or last"),
    wrong("x2_grid", search(order="sorted(found)[:1]"), None, "All that are within"),
    wrong(
        "x2_grid",
        "def grid_search(budget, step, tolerance):\n    return (triple for triple in ())",
        0,
        "generator",
    ),
]


@pytest.mark.parametrize("question, source, points, fragments", WRONG)
def test_wrong_answers(question, source, points, fragments):
    for seed in range(10):
        names = answers()
        exec(source, names)
        earned, possible, said = run(text_of(question), names, seed)
        assert earned < possible, "passes"
        assert points is None or earned == points, said
        hints = [hint for _, hint, _ in said if hint]
        for fragment in fragments:
            assert any(fragment in hint for hint in hints), said


@pytest.mark.parametrize("question", POINTS)
def test_untouched_answers_earn_nothing(question):
    assert run(text_of(question), {}, seed=3)[0] == 0


def test_there_are_wrong_answers_of_every_question():
    counts = {name: len(list(group)) for name, group in itertools.groupby(WRONG, lambda parameter: parameter.values[0])}
    assert counts.keys() == POINTS.keys() and min(counts.values()) >= 8
