"""report.html of a class of 300: in a real browser, in seconds, and with what earlier attempts were told."""

import html
import json
import re
import subprocess
import time
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from autograder.course.settings import Deadline
from autograder.intake.owners import Origin
from autograder.judge.store import HAND_IN
from autograder.run.class_report.html import TEMPLATES, _source_of
from autograder.run.class_report.spread import item_rest, spread_of
from autograder.run.deadlines import Due
from autograder.run.hand_ins import HandIns, Known, groups_in, write_hand_ins
from autograder.run.hints import History, Repeated, after_run, repeated
from autograder.run.page import read_graded, write_left_out
from autograder.run.settle import settle
from autograder.run.similarity import similar
from autograder.run.similarity.similar import SHORT, similar_code
from tests.run.big_class import DUE, HINTS, class_of, tried_again, write_notebooks, write_results
from tests.run.browser import axe, browser, violations
from tests.tiny import FIRST

POLICY = re.compile(r'Content-Security-Policy" content="([^"]*)"')
SECONDS = 20
"""Of processor time for the report of 300. It takes 1 here; a machine of CI may be slow."""


@pytest.fixture(scope="module")
def big(tiny, tmp_path_factory):
    """The out folder of a run of 300, of whom forty had handed in before."""
    out = tmp_path_factory.mktemp("big") / "out"
    outcomes, hand_ins = class_of(tiny, 300)
    write_results(out, outcomes)
    write_hand_ins(out, hand_ins)
    write_left_out(out, ["stray.zip belongs to no student, and was left out"])
    due = Due(Deadline(due=DUE, percent_per_day=10))
    settle(tiny, out, outcomes, hand_ins, due, None, tried_again(outcomes, 40))
    started = time.process_time()
    settle(tiny, out, read_graded(out), hand_ins, due, None, [])
    assert time.process_time() - started < SECONDS
    return out


@pytest.fixture(scope="module")
def page(big):
    return (big / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def soup(page):
    return BeautifulSoup(page, "html.parser")


def test_three_hundred_students_are_described(soup):
    assert "Tiny course: 300 students" in soup.h1.text
    assert len(soup.find(id="students").tbody.find_all("tr")) == 300
    assert [row.th.text for row in soup.find(id="sections").tbody.find_all("tr")] == [
        "Friday 8:00",
        "Monday 10:00",
        "Tuesday 14:00",
    ]
    bars = re.findall(r": (\d+)", soup.find(class_="histogram")["aria-label"].split("points:")[1])
    assert sum(map(int, bars)) == 298 - 1, "all but the one who was not graded, and those who handed in nothing"
    counts = [int(row.find(class_="count").text) for row in soup.find(class_="told").tbody.find_all("tr")]
    assert counts == sorted(counts, reverse=True) and counts[0] > 50
    assert {row.find_all("td")[2].text for row in soup.find(class_="told").tbody.find_all("tr")} != set()
    assert "Hints that did not help" in soup.nav.text
    told = [row.find_all("td")[3].text for row in soup.find(id="hints").find_next("table").tbody.find_all("tr")]
    assert told and all(any(hint in line for hint in HINTS) for line in told)


def test_every_colour_of_a_question_is_as_wide_as_its_share(soup):
    for bar in soup.find_all(class_="bar"):
        counts = [int(part.title.text.split()[0]) for part in bar.find_all("rect")]
        widths = [float(part["width"]) for part in bar.find_all("rect")]
        assert widths == pytest.approx([100 * count / sum(counts) for count in counts], abs=0.01)
        assert bar["aria-label"] == ", ".join(part.title.text for part in bar.find_all("rect"))


DRIVE = """
const students = () => [...document.querySelectorAll("#students tbody tr")].filter(row => !row.hidden)
  .map(row => row.cells[0].textContent);
const head = name => [...document.querySelectorAll("#students thead th")].find(th => th.textContent.trim() === name);
const column = name => [...document.querySelectorAll("#students tbody tr")].filter(row => !row.hidden)
  .map(row => row.cells[head(name).cellIndex].textContent.trim());
const type = (id, value) => { const one = document.getElementById(`filter-${id}`); one.value = value;
  one.dispatchEvent(new Event("input")); };
const said = {};
const note = name => { said[name] = {students: students(), shown: document.getElementById("shown").textContent}; };
note("first");
head("Total").querySelector("button").click(); said.down = column("Total");
said.sorted = head("Total").getAttribute("aria-sort");
head("Total").querySelector("button").click(); said.up = column("Total");
head("Name").querySelector("button").click(); said.names = column("Name");
said.left = head("Total").getAttribute("aria-sort");
type("text", "müller chl"); note("text");
document.getElementById("filter-none").click(); note("none");
type("section", "Friday 8:00"); said.sections = column("Section"); document.getElementById("filter-none").click();
type("status", "late"); said.late = column("Late");
type("status", "not-graded"); note("not graded"); type("status", "");
type("question", "q3"); type("answer", "wrong"); said.zeros = column("q3"); note("wrong");
document.getElementById("filter-none").click();
document.querySelector('rect[data-question="q3"][data-status="wrong"]').dispatchEvent(new MouseEvent("click"));
note("clicked");
said.visible = getComputedStyle(document.querySelector(".filters")).display;
said.bar = getComputedStyle(document.querySelector("rect.correct")).fill;
said.overflow = document.documentElement.scrollWidth - innerWidth;
const result = document.createElement("pre"); result.id = "said"; result.textContent = JSON.stringify(said);
document.body.append(result);
"""


def driven(page: str, folder, width: int) -> dict:
    """What a browser did with the page. The page's policy stays; it lets this one script run beside the page's own."""
    policy = POLICY.search(page)[1]
    more = html.unescape(policy).replace("script-src", f"script-src {_source_of(DRIVE)}")
    page = page.replace(policy, more, 1)
    page = page.replace("</body>", f"<script>{DRIVE}</script></body>")
    place = folder / f"driven_{width}.html"
    place.write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    command = [browser(), *options, f"--user-data-dir={folder}/profile", f"--window-size={width},900", place.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="said">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, f"{done.stderr[-500:]}\n{done.stdout[-300:]}"
    return json.loads(html.unescape(found[1]))


@pytest.mark.tool
@pytest.mark.parametrize("width", [1400, 500])
def test_a_browser_sorts_and_filters_three_hundred_students(page, tmp_path, width):
    said = driven(page, tmp_path, width)
    assert len(said["first"]["students"]) == 300 and said["first"]["shown"] == "300 of 300 students"
    numbers = [float(one) for one in said["down"] if one != "–"]
    assert len(numbers) == 297 and numbers == sorted(numbers, reverse=True) and said["sorted"] == "descending"
    assert said["up"] == [*(f"{one:g}" for one in sorted(numbers)), "–", "–", "–"], "who has no total stands last"
    assert said["names"] == sorted(said["names"], key=lambda name: name) and said["left"] is None
    assert set(said["text"]["students"]) == {"s002", "s132", "s262"} and said["text"]["shown"] == "3 of 300 students"
    assert len(said["none"]["students"]) == 300
    assert said["sections"] == ["Friday 8:00"] * 100
    assert len(said["late"]) > 10 and all(said["late"])
    assert set(said["not graded"]["students"]) == {"s297", "s298", "s299"}
    assert len(said["zeros"]) > 10 and set(said["zeros"]) == {"0"}
    assert said["clicked"] == said["wrong"], "a click on a colour shows its students"
    assert said["visible"] == "flex" and said["bar"] != "rgb(0, 0, 0)", "script and style are what the policy lets run"
    assert said["overflow"] <= 0, "nothing is wider than the window"


@pytest.mark.tool
@pytest.mark.parametrize(("width", "dark"), [(1400, False), (500, True)])
def test_a_real_browser_finds_nothing_that_anyone_could_not_read(tiny, tmp_path, width, dark):
    outcomes, hand_ins = class_of(tiny, 20)
    write_results(tmp_path, outcomes)
    settle(tiny, tmp_path, outcomes, hand_ins, Due(Deadline(due=DUE, percent_per_day=10)), None, [])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert violations(page, axe(tmp_path), tmp_path, width, dark) == []


def test_the_policy_lets_no_other_script_run(page):
    policy = POLICY.search(page)[1]
    assert html.unescape(policy).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy and page.count("<script>") == 1
    assert (TEMPLATES / "report.js").read_text(encoding="utf-8") in page
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval", (TEMPLATES / "report.js").read_text())


def test_what_is_printed_is_light_whatever_the_screen_is(page):
    style = BeautifulSoup(page, "html.parser").style.text
    assert re.findall(r"@media ([^{]*prefers-color-scheme[^{]*) {", style) == [
        "screen and (prefers-color-scheme: dark)"
    ]


def test_quartiles_are_those_of_a_spreadsheet():
    spread = spread_of([4, 1, 3, 2])
    assert (spread.low, spread.first, spread.median, spread.third, spread.high) == (1, 1.75, 2.5, 3.25, 4)
    assert spread_of([]) is None and spread_of([3]).first == spread_of([3]).third == 3


def test_discrimination_is_the_correlation_with_all_other_questions():
    scores = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    rests = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    totals = [score + rest for score, rest in zip(scores, rests, strict=True)]
    assert item_rest(scores, totals) == pytest.approx(0.8704, abs=1e-4)
    assert item_rest(scores, [s + r for s, r in zip(scores, reversed(rests), strict=True)]) < -0.8
    assert item_rest([1] * 10, totals) is None, "all have the same points"
    assert item_rest(scores[:9], totals[:9]) is None, "too few students say nothing"


def attempts(tiny, *hints: str):
    """The first student's q1 at attempt after attempt, each of other files, with a hint or none."""
    [one] = [one for one in class_of(tiny, 8)[0] if one.student == "s000" and one.notebook == FIRST]
    for number, hint in enumerate(hints):
        q1 = replace(one.results.questions[0], message=hint)
        questions = (q1, *one.results.questions[1:])
        yield replace(one, results=replace(one.results, questions=questions, parts={HAND_IN: str(number)}))


def test_a_hint_that_is_told_at_a_later_attempt_did_not_help(tiny):
    first, second, third = attempts(tiny, f"{HINTS[0]}\n{HINTS[1]}", HINTS[2], HINTS[0])
    history = after_run(History(), [], [first])
    assert repeated(history) == []
    assert repeated(after_run(history, [first], [first])) == [], "graded once more is no attempt"
    history = after_run(history, [first], [second])
    assert repeated(history) == [], "each of them helped"
    assert repeated(after_run(history, [second], [third])) == [Repeated("q1", HINTS[0], 1, ("s000",))]


def test_a_folder_of_an_earlier_version_knows_of_the_attempt_before(tiny):
    first, second = attempts(tiny, HINTS[0], HINTS[0])
    assert [one.again for one in repeated(after_run(History(), [first], [second]))] == [("s000",)]
    assert after_run(after_run(History(), [first], [second]), [second], []).of == {}, "who is gone is not kept"


def test_that_it_is_not_written_yet_is_no_hint(tiny):
    unwritten = "Not written yet: a stub's NotImplementedError is still there."
    first, second = attempts(tiny, unwritten, unwritten)
    assert repeated(after_run(History(), [first], [second])) == []


def solution(number: int) -> str:
    """A long answer of its own kind."""
    signs = "+-*/%"
    lines = [
        f"    step{n} = [one {signs[(number * (n + 3) + n) % 5]} {number * n} for one in numbers if one > {n * number}]"
        for n in range(20)
    ]
    return "\n".join(["def median(numbers):", *lines, "    return sorted(numbers)[len(numbers) // 2]"])


def renamed(code: str) -> str:
    return code.replace("numbers", "values").replace("one", "item").replace("    step3", "    # mine\n    step3")


@pytest.mark.tool
def test_similar_code_is_told_whatever_its_names_are(tiny, tmp_path):
    code = {f"s{number}": solution(number) for number in range(2, 9)}
    code |= {"copy": renamed(code["s3"]), "short": "def median(numbers):\n    return 1", "together": code["s4"]}
    write_notebooks(tiny, tmp_path / "nbgrader", code, FIRST, "q1-median")
    find = lambda: similar_code(tiny, tmp_path, tmp_path / "nbgrader", code, [frozenset({"s4", "together"})])  # noqa: E731
    found = find()
    assert [(pair.first, pair.second) for pair in found.pairs] == [("copy", "s3")]
    [pair] = found.pairs
    assert (pair.notebook, pair.of_first, pair.of_second) == (FIRST, 100, 100) and pair.shared > SHORT
    assert found.compared == 9, "a short answer is not compared"
    kept = (tmp_path / similar.FILE).stat().st_mtime_ns
    assert find() == found and (tmp_path / similar.FILE).stat().st_mtime_ns == kept, "nothing changed"
    write_notebooks(tiny, tmp_path / "nbgrader", {"copy": solution(90)}, FIRST, "q1-median")
    assert find().pairs == ()


@pytest.mark.tool
def test_what_many_have_and_what_the_release_has_is_not_similar(tiny, tmp_path):
    code = {f"s{number}": solution(5) for number in range(6)}
    write_notebooks(tiny, tmp_path / "nbgrader", code, FIRST, "q1-median")
    found = similar_code(tiny, tmp_path, tmp_path / "nbgrader", code)
    assert found.compared == 0 and found.pairs == (), "nothing is left of it"
    [pair] = similar_code(tiny, tmp_path, tmp_path / "nbgrader", list(code)[:2]).pairs
    assert (pair.first, pair.second) == ("s0", "s1"), "of these alone it is"


@pytest.mark.tool
def test_no_code_stops_the_report(tiny, tmp_path, monkeypatch):
    code = {f"s{number}": solution(number) for number in (2, 3)}
    code |= {
        "copy": renamed(code["s3"]),
        "deep": "(" * 30_000,
        "quotes": '"""' * 15_000 + "'",
        "huge": "x = 1\n" * 20_000,
    }
    code |= {"odd": "\udcff\x00" * 500, "names": "é" * 40_000}
    write_notebooks(
        tiny, tmp_path / "nbgrader", {who: text for who, text in code.items() if who != "odd"}, FIRST, "q1-median"
    )
    broken = tmp_path / "nbgrader" / "intake" / "odd" / tiny.name / f"{FIRST}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"[" * 100_000)
    found = similar_code(tiny, tmp_path, tmp_path / "nbgrader", code)
    assert [(pair.first, pair.second) for pair in found.pairs] == [("copy", "s3")] and not found.problem
    assert set(found.left_out) == {"huge", "odd"}
    (tmp_path / similar.FILE).unlink()
    monkeypatch.setattr(similar, "SECONDS", 0)
    found = similar_code(tiny, tmp_path, tmp_path / "nbgrader", code)
    assert "took too" in found.problem and not (tmp_path / similar.FILE).exists(), "and the next run tries again"


def test_a_group_of_whom_each_names_the_others_is_one():
    origin = Origin("canvas", "1", "Jo Lee", group=("Ann Ray",))
    known = [Known("jo", origin), Known("ann", Origin("canvas", "2", "Ann Ray", group=("Jo Lee",)))]
    strangers = [Known("jo2", Origin("canvas", "3", "Jo Lee", group=("Bo",))), Known("jo3", Origin(name="Jo Lee"))]
    assert groups_in(HandIns((*known, *strangers))) == {frozenset({"jo", "ann"})}


def test_without_clean_notebooks_the_report_says_that_nothing_was_compared(page):
    told = BeautifulSoup(page, "html.parser").find(id="similar").get_text(" ", strip=True)
    assert told == "Similar code Not compared: only a run with nbgrader keeps the notebooks that were graded."
