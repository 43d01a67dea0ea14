"""The test files of notebook 5 give full points to right answers, and to wrong ones a hint."""

import itertools
import re
from functools import lru_cache
from pathlib import Path

import jupytext
import pytest
from otter.test_files.exception_test import ExceptionTestFile

from scalelab.checking import Unexpected, judging

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions" / "compound_scaling" / "5_comparison.py"
QUESTIONS = ROOT / "autograder" / "questions"
HIDDEN = "# ---- hidden: nothing below this line reaches a student ----\n"
POINTS = {"q3_4a": 3, "q3_4b": 2, "x5_runtime": 4}
WRITTEN = {"q3_4a_written": 5, "q3_4b_written": 4}


@lru_cache
def cells():
    return jupytext.read(SOURCE, fmt="py:percent").cells


@lru_cache
def answers():
    """The names that the model answers define."""
    names = {}
    exec("import math\nimport numpy as np", names)
    for cell in cells():
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
    stated = {}
    public, _, hidden = text.partition(HIDDEN)
    exec(text, stated)
    assert (stated["name"], stated["points"], stated["OK_FORMAT"]) == (question, POINTS[question], False)
    assert stated.get("bonus", False) == question.startswith("x")
    assert text.startswith(f'"""{question}: ')
    assert "hidden=True" not in public
    assert hidden.count("@test_case(") == hidden.count("hidden=True")


@pytest.mark.parametrize("question", POINTS)
def test_hints_are_sentences_and_the_same_for_everybody(question):
    hidden = text_of(question).partition(HIDDEN)[2]
    assert not re.findall(r"\bf[\"'][^\"']*[?.][\"']", hidden)


def test_the_rubrics_add_up():
    criterion = re.compile(r"^- \[(\d+)\]", re.MULTILINE)
    for question, points in WRITTEN.items():
        found = [cell for cell in cells() if cell.metadata.get("question") == question]
        assert [cell.metadata["role"] for cell in found] == ["written", "rubric", "answer"]
        assert sum(map(int, criterion.findall(found[1].source))) == points


# ---- right answers of other kinds


RIGHT = [
    (
        "q3_4a",
        "import copy\n"
        "def comparison_table(models):\n"
        "    table = copy.deepcopy(list(models))\n"
        "    for row in table:\n"
        "        row.update(accuracy_per_million=1e6 * row['accuracy'] / row['parameters'])\n"
        "        row.update(accuracy_per_gmac=1e9 * row['accuracy'] / row['macs'])\n"
        "    table.sort(key=lambda row: row['parameters'])\n"
        "    table.sort(key=lambda row: row['accuracy'], reverse=True)\n"
        "    return tuple(table)",
    ),
    (
        "q3_4a",
        "def comparison_table(models):\n"
        "    values = np.array([(m['accuracy'], m['parameters'], m['macs']) for m in models])\n"
        "    order = np.lexsort((values[:, 1], -values[:, 0]))\n"
        "    return [dict(models[i], accuracy_per_million=values[i, 0] / values[i, 1] * 1e6,\n"
        "                 accuracy_per_gmac=np.float64(values[i, 0] / values[i, 2] * 1e9)) for i in order]",
    ),
    (
        "q3_4b",
        "def pareto_front(points):\n"
        "    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1], i))\n"
        "    front, best, cost = [], -math.inf, None\n"
        "    for i in order:\n"
        "        c, a = points[i]\n"
        "        if a > best or (a == best and c == cost):\n"
        "            front.append(i); best, cost = a, c\n"
        "    return tuple(front)",
    ),
    (
        "q3_4b",
        "def pareto_front(points):\n"
        "    p = np.array(points, float)\n"
        "    cost, gain = p[:, :1], p[:, 1:]\n"
        "    beats = (cost <= cost.T) & (gain >= gain.T) & ((cost < cost.T) | (gain > gain.T))\n"
        "    kept = np.flatnonzero(~beats.any(axis=0))\n"
        "    return kept[np.argsort(p[kept, 0], kind='stable')]",
    ),
    (
        "x5_runtime",
        "from statistics import correlation\n"
        "def best_predictor(seconds, counts):\n"
        "    best = None\n"
        "    for name in counts:\n"
        "        r = correlation([math.log10(s) for s in seconds], [math.log10(c) for c in counts[name]])\n"
        "        if best is None or r > best[0]: best = (r, name)\n"
        "    return best[1]",
    ),
    (
        "x5_runtime",
        "def best_predictor(seconds, counts):\n"
        "    names = list(counts)\n"
        "    table = np.log2(np.array([seconds, *counts.values()], float))\n"
        "    return names[np.argmax(np.corrcoef(table)[0, 1:])]",
    ),
]


@pytest.mark.parametrize("question, source", RIGHT)
def test_right_answers_of_other_kinds(question, source):
    for seed in range(10):
        names = dict(answers())
        exec(source, names)
        earned, possible, said = run(text_of(question), names, seed)
        assert (earned, said) == (possible, [])


# ---- wrong answers


def wrong(question, source, earned, *fragments):
    """earned: the exact points, or None for any below full. fragments: of hints that must be told."""
    label = source.strip().splitlines()[-1].strip()[:60]
    return pytest.param(question, source, earned, fragments, id=f"{question}-{label}")


def table(
    million="m['accuracy'] / (m['parameters'] / 1e6)",
    gmac="m['accuracy'] / (m['macs'] / 1e9)",
    row="dict(m, accuracy_per_million=million(m), accuracy_per_gmac=gmac(m))",
    order="sorted(rows, key=lambda m: (-m['accuracy'], m['parameters']))",
):
    return (
        "def comparison_table(models):\n"
        f"    million = lambda m: {million}\n"
        f"    gmac = lambda m: {gmac}\n"
        f"    rows = [{row} for m in models]\n"
        f"    return {order}"
    )


def front(
    beats="b[0] <= a[0] and b[1] >= a[1] and b != a",
    order="sorted(kept, key=lambda i: points[i][0])",
):
    return (
        "def pareto_front(points):\n"
        f"    beats = lambda b, a: {beats}\n"
        "    kept = [i for i, a in enumerate(points) if not any(beats(b, a) for b in points)]\n"
        f"    return {order}"
    )


def predictor(score="r(log(seconds), log(count))", result="max(counts, key=score)"):
    return (
        "def best_predictor(seconds, counts):\n"
        "    log = lambda values: [math.log(v) for v in values]\n"
        "    r = lambda x, y: np.corrcoef(x, y)[0, 1]\n"
        "    def score(name):\n"
        "        count = counts[name]\n"
        f"        return {score}\n"
        f"    return {result}"
    )


MODELS = "sorted(models, key=lambda m: -m['accuracy'])"
RANK = "lambda v: np.argsort(np.argsort(v))"
WRONG = [
    wrong("q3_4a", table(order="sorted(rows, key=lambda m: m['accuracy'])"), 2, "most accurate", "first, or last"),
    wrong("q3_4a", table(order="rows"), 2, "most accurate", "as they came"),
    wrong("q3_4a", table(order="sorted(rows, key=lambda m: -m['accuracy'])"), 2.75, "equally accurate"),
    wrong("q3_4a", table(order="sorted(rows, key=lambda m: (m['accuracy'], m['parameters']))[::-1]"), 2.75,
          "equally accurate"),
    wrong("q3_4a", table(order="sorted(rows, key=lambda m: -m['accuracy_per_million'])"), 2, "By what is the table"),
    wrong("q3_4a", table(order="[m for *_, m in sorted((-m['accuracy'], m['parameters'], m) for m in rows)]"), 2.75),
    wrong("q3_4a", table(order="list({(-m['accuracy'], m['parameters']): m for m in sorted(rows, key=lambda m:"
                               " (-m['accuracy'], m['parameters']))}.values())"), 2.75, "both of them"),
    wrong("q3_4a", table(million="m['accuracy'] / m['parameters']"), 2, "one unit here"),
    wrong("q3_4a", table(million="m['parameters'] / 1e6 / m['accuracy']"), 2, "which of the two is divided"),
    wrong("q3_4a", table(million="m['accuracy'] / (m['parameters'] // 10**6)"), 2.5, "no parts of a million"),
    wrong("q3_4a", table(million="round(m['accuracy'] / (m['parameters'] / 1e6), 2)"), 2.5, "Nothing is rounded"),
    wrong("q3_4a", table(gmac="round(m['accuracy'] / (m['macs'] / 1e9), 1)"), 2.5, "Nothing is rounded"),
    wrong("q3_4a", table(gmac="m['accuracy'] / (2 * m['macs'] / 1e9)"), 2, "not two FLOPs", "one here, or two"),
    wrong("q3_4a", table(gmac="m['accuracy'] / (m['macs'] / 1e6)"), 2, "is the unit right", "unit of the MACs"),
    wrong("q3_4a", table(gmac="m['accuracy'] / m['macs']"), 2, "not one"),
    wrong("q3_4a", table(gmac="m['accuracy'] / (m['macs'] / 2**30)"), 2, "G is for 10⁹ here"),
    wrong("q3_4a", table(row="{'name': m['name'], 'parameters': m['parameters'], 'macs': m['macs'], 'accuracy':"
                             " m['accuracy'], 'accuracy_per_million': million(m), 'accuracy_per_gmac': gmac(m)}"), 2.5,
          "do they all stay"),
    wrong("q3_4a", table(row="{'accuracy': m['accuracy'], 'parameters': m['parameters'], 'accuracy_per_million':"
                             " million(m), 'accuracy_per_gmac': gmac(m)}"), None, "Every row has the keys"),
    wrong("q3_4a", table(row="m.update(accuracy_per_million=million(m), accuracy_per_gmac=gmac(m)) or m"), 2.5,
          "a dict in it, has changed"),
    wrong("q3_4a", "def comparison_table(models):\n"
                   "    models.sort(key=lambda m: (-m['accuracy'], m['parameters']))\n"
                   "    return [dict(m, accuracy_per_million=m['accuracy'] / m['parameters'] * 1e6,"
                   " accuracy_per_gmac=m['accuracy'] / m['macs'] * 1e9) for m in models]", None, "has changed"),
    wrong("q3_4a", "def comparison_table(models):\n    return models", 0, "Every row has the keys"),
    wrong("q3_4a", f"def comparison_table(models):\n    return {MODELS}", 0.75, "Every row has the keys"),
    wrong("q3_4a", table(order="print(rows)"), 0, "does the function return"),
    wrong("q3_4a", table(order="(row for row in rows)"), 0, "a plain list of dicts"),
    wrong("q3_4a", table(order="{m['name']: m for m in rows}"), 0, "a dict for each network"),
    wrong("q3_4a", table(order="[]"), 0, "No network"),
    wrong("q3_4b", front("b[0] < a[0] and b[1] > a[1]"), 1.5, "as cheap and worse"),
    wrong("q3_4b", front("b[0] < a[0] and b[1] >= a[1]"), 1.5, "as cheap and worse"),
    wrong("q3_4b", front("b[0] <= a[0] and b[1] > a[1]"), 1.5, "as cheap and worse"),
    wrong("q3_4b", front(order="sorted({points[i]: i for i in kept[::-1]}.values(), key=lambda i: points[i][0])"), 1.5,
          "does either dominate"),
    wrong("q3_4b", front(order="sorted({points[i]: i for i in kept}.values(), key=lambda i: points[i][0])"), 1.5,
          "does either dominate"),
    wrong("q3_4b", front(order="[i for i in sorted(kept, key=lambda i: points[i][0]) if points.count(points[i]) == 1]"),
          1.5, "does either dominate"),
    wrong("q3_4b", front(order="kept"), 1.25, "Sorted by what", "In which order"),
    wrong("q3_4b", front(order="sorted(kept, key=lambda i: -points[i][0])"), 1.25, "In which order"),
    wrong("q3_4b", front(order="sorted(points[i] for i in kept)"), 0, "not the points"),
    wrong("q3_4b", front(order="[i + 1 for i in sorted(kept, key=lambda i: points[i][0])]"), 0, "first index is 0"),
    wrong("q3_4b", front("b[0] >= a[0] and b[1] >= a[1] and b != a"), 0, "Is a high cost good"),
    wrong("q3_4b", front("b[0] <= a[0] and b[1] <= a[1] and b != a"), None, "Is a high accuracy good"),
    wrong("q3_4b", front("b[0] <= a[0] and b[1] >= a[1]"), 0, "never empty"),
    wrong("q3_4b", front("False"), 0, "dearer and worse", "none that another one beats"),
    wrong("q3_4b", front(order="[points.index(p) for p in sorted(points[i] for i in kept)]"), 1.5),
    wrong("q3_4b", front(order="print(kept)"), 0, "does the function return"),
    wrong("x5_runtime", predictor("r(seconds, count)"), None, "logarithms that are compared"),
    wrong("x5_runtime", predictor("r(log(seconds), count)"), None, "ogarithms"),
    wrong("x5_runtime", predictor("r(seconds, log(count))"), None, "ogarithms"),
    wrong("x5_runtime", predictor("abs(r(log(seconds), log(count)))"), 3.5, "falls where the time rises"),
    wrong("x5_runtime", predictor("r(log(seconds), log(count)) ** 2"), 3.5, "falls where the time rises"),
    wrong("x5_runtime", predictor(result="min(counts, key=score)"), 0, "lowest"),
    wrong("x5_runtime", predictor(f"r(*map({RANK}, (seconds, count)))"), None, "the order all that"),
    wrong("x5_runtime", predictor("np.cov(log(seconds), log(count))[0, 1]"), None, "the slope, make it"),
    wrong("x5_runtime", predictor("np.polyfit(log(count), log(seconds), 1)[0]"), None, "the slope, make it"),
    wrong("x5_runtime", predictor("-sum((s - c) ** 2 for s, c in zip(log(seconds), log(count)))"), None, "the slope"),
    wrong("x5_runtime", predictor(result="max(map(score, counts))"), 0, "The name of the count"),
    wrong("x5_runtime", predictor(result="list(counts).index(max(counts, key=score))"), 0, "The name of the count"),
    wrong("x5_runtime", predictor(result="'macs'"), None),
    wrong("x5_runtime", predictor(result="list(counts)[0]"), None),
]  # fmt: skip


@pytest.mark.parametrize("question, source, points, fragments", WRONG)
def test_wrong_answers(question, source, points, fragments):
    for seed in range(5):
        names = dict(answers())
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
