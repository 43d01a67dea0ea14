"""report.html: what an instructor reads of a class."""

import pytest
from bs4 import BeautifulSoup

from autograder.errors import NoReport
from autograder.judge import CaseResult, QuestionResult, Results, Status
from autograder.judge.cases import ENDED, LATE, SLOW, WRONG
from autograder.judge.store import Store
from autograder.run.graded import Graded, NotGraded
from autograder.run.page import read_graded, write_report
from autograder.run.regrades.table import Regrade
from autograder.run.scores import COLUMNS, write_scores
from autograder.run.students import COMPLETE, NOT_GRADED, Student

HINT = "Is that a count of multiply-adds, or of FLOPs?"
HOSTILE = "<script>alert(1)</script>"


def asked(name: str, score: float | None, status: Status, message: str = "", **more) -> QuestionResult:
    cases = () if score is None else (CaseResult("one", 6, True, status == Status.CORRECT),)
    return QuestionResult(name, score, more.pop("max_score", 6), status, message, cases=cases, **more)


def graded(student: str, *questions: QuestionResult, notes=()) -> Graded:
    results = Results(student, "2_small", 7, questions, notes, room="bwrap", versions={"nbgrader": "0.9.6"})
    return Graded(student, "2_small", results, {one.question: one.score for one in questions})


def page(tmp_path, *of: Graded) -> BeautifulSoup:
    write_report(tmp_path / "report.html", "A course", list(of))
    return BeautifulSoup((tmp_path / "report.html").read_text(), "html.parser")


def student(name: str, score: float | None, penalty: float = 0.0, section: str = "") -> Student:
    numbers = (None, penalty, score, 0.0, 0.0, score, 12.0)
    status = NOT_GRADED if score is None else COMPLETE
    return Student(name, "", "", section, "", "", 1, "", *numbers, status, "")


RIGHT = asked("q2_2", 6, Status.CORRECT)
HALF = asked("q2_2", 3, Status.PARTIAL, f"{HINT}\nNothing is rounded here.")
WAITS = asked("q2_1", None, Status.UNGRADED)


def test_questions_have_quartiles_counts_and_the_hints_that_were_told(tmp_path):
    rare = asked("q2_2", 3, Status.PARTIAL, f"A rare one.\n{HALF.message}")
    soup = page(tmp_path, graded("ada", RIGHT, WAITS), graded("ben", rare, WAITS), graded("cleo", HALF, WAITS))
    rows = [row.get_text("|", strip=True) for row in soup.find(id="questions").find_all("tr")]
    assert rows[1] == "q2_2|6|3|3–4.5|4|–|1 correct|2 partial|1 correct, 2 partial"
    assert rows[2] == "q2_1|6|–|3 ungraded|3 ungraded"
    told = soup.find(id="misconceptions").table.get_text(" ", strip=True)
    frequent = f"2 q2_2 {HINT} ben, cleo 2 q2_2 Nothing is rounded here. ben, cleo"
    assert told == f"Students Question Hint {frequent} 1 q2_2 A rare one. ben"
    assert "3 answers wait for a TA" in soup.header.get_text(" ", strip=True)
    assert "q2_1 3 18 ada, ben, cleo" in soup.find(id="waiting").get_text(" ", strip=True)
    assert "of 6" in soup.find("h2").text, "what nobody has graded is no part of what tests gave"
    assert soup.find(class_="histogram")["aria-label"].endswith("3–4: 2; 5–6: 1")
    box = soup.find(class_="box")["aria-label"]
    assert box == "lowest 3, quartiles 3 and 4.5, median 3, highest 6"
    links = {link["href"] for link in soup.find_all("a") if "results" in link["href"]}
    assert links == {f"results/{name}/2_small.json" for name in ("ada", "ben", "cleo")}


def test_what_is_odd_is_to_be_looked_at_once(tmp_path):
    broken = [asked(name, 0, Status.ERROR, "2_small.ipynb is not JSON") for name in ("q2_2", "q2_3")]
    claims = asked("q2_2", 6, Status.CORRECT, remarks=("claims too much",))
    late = asked("q2_3", 0, Status.TIMEOUT, "A call did not end in time.")
    soup = page(tmp_path, graded("kim", *broken), graded("mia", claims, late, notes=("the newer is graded",)))
    assert soup.find(id="look").get_text(" ", strip=True).split("What ")[1] == (
        "kim 2_small 2_small.ipynb is not JSON mia 2_small the newer is graded"
        " mia q2_2 claims too much mia q2_3 A call did not end in time."
    )
    told = soup.find(id="misconceptions").text
    assert "JSON" not in told, "a file that cannot be read is nobody's misconception"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Not written yet: a stub's NotImplementedError is still there.", "not written yet"),
        ("median is not defined.", "not written yet"),
        ("Not answered.", "not written yet"),
        ("A call raised TypeError.", "raised an error"),
        ("The cell q1-median raised NameError.", "raised an error"),
        ("The cell q1-median used up more memory than a submission has.", "raised an error"),
        *((line, "raised an error") for line in (SLOW, LATE, *ENDED.values())),
        (WRONG, "no hint fits"),
    ],
)
def test_what_is_no_misconception_stands_apart(tmp_path, line, kind):
    status = Status.MISSING if line == "Not answered." else Status.WRONG
    soup = page(tmp_path, graded("ada", asked("q2_2", 0, status, line)), graded("ben", HALF))
    misconceptions, apart = soup.find(id="misconceptions"), soup.find(id="no-misconceptions")
    assert line not in misconceptions.table.text and HINT in misconceptions.table.text
    [group] = apart.find_next_siblings("details")
    assert kind in group.summary.text.lower() and group.summary.text.endswith(": 1 student")
    assert group.table.tbody.get_text(" ", strip=True) == f"1 q2_2 {line} ada"


def test_a_notebook_that_was_not_handed_in_tells_of_no_misconception(tmp_path):
    absent = asked("q2_2", 0, Status.MISSING, "Not handed in.")
    soup = page(tmp_path, graded("ada", absent), graded("ben", RIGHT))
    assert "Not handed in" not in soup.find(id="misconceptions").text


def test_the_same_said_of_every_answer_is_still_said(tmp_path):
    slow = [asked(name, 0, Status.TIMEOUT, "Too late.") for name in ("q3_se", "q3_net")]
    stubs = [asked(name, 0, Status.WRONG, "Not written yet.") for name in ("q3_se", "q3_net")]
    soup = page(tmp_path, graded("slow", *slow), graded("stubs", *stubs))
    assert soup.find(id="misconceptions").get_text(" ", strip=True).count("Not written yet. stubs") == 2
    assert soup.find(id="look").text.count("Too late.") == 2


def test_what_tas_have_graded_counts_as_theirs_and_not_as_tests(tmp_path):
    half = graded("ada", RIGHT, WAITS)
    half.scores["q2_1"] = 3
    soup = page(tmp_path, half, graded("ben", RIGHT, WAITS))
    rows = [row.get_text("|", strip=True) for row in soup.find(id="questions").find_all("tr")]
    assert rows[2] == "q2_1|6|3|3–3|3|–|1 partial|1 ungraded|1 partial, 1 ungraded"
    assert soup.find("h2").text == "Points that tests gave, of 6"
    assert soup.find(class_="histogram")["aria-label"].endswith(": 5–6: 2")
    totals = [row.find(class_="n").text for row in soup.find(id="students").tbody.find_all("tr")]
    assert totals == ["9", "6"]


def test_when_nobody_waits_for_a_person_totals_are_shown_after_penalties(tmp_path):
    of = [graded(name, RIGHT, WAITS) for name in ("ada", "ben")]
    for one, points in zip(of, (3, 6), strict=True):
        one.scores["q2_1"] = points
    write_report(tmp_path / "report.html", "A course", of, (), [student("ada", 9 - 1.5, 1.5), student("ben", 12)])
    soup = BeautifulSoup((tmp_path / "report.html").read_text(), "html.parser")
    assert soup.find("h2").text == "All points, of 12"
    assert "lowest 7.5, highest 12" in soup.find(id="points").get_text(" ", strip=True)
    assert soup.find(id="waiting") is None
    assert [row.find(class_="n").text for row in soup.find(id="students").tbody.find_all("tr")] == ["7.5", "12"]


def test_sections_stand_beside_each_other(tmp_path):
    of = [graded("ada", RIGHT), graded("ben", HALF), graded("cleo", HALF, WAITS), NotGraded("dan", "2_small", "disk")]
    rows = [student("ada", 6, section="Mon"), student("ben", 3, section="Tue"), student("cleo", 3, section="Tue")]
    write_report(tmp_path / "report.html", "A course", of, (), [*rows, student("dan", None, section="")])
    soup = BeautifulSoup((tmp_path / "report.html").read_text(), "html.parser")
    told = [row.get_text("|", strip=True) for row in soup.find(id="sections").tbody.find_all("tr")]
    assert told == ["Mon|1|6|6–6|6", "Tue|2|3|3–3|3|1", "(none)|1|1"]


def test_where_nothing_could_be_graded_nothing_is_said_to_be_well(tmp_path):
    soup = page(tmp_path, NotGraded("eve", "2_small", "OSError: disk"))
    assert [h2.text for h2 in soup.find_all("h2")] == ["Students"]
    assert soup.find(id="students").tbody.find(class_="n").text == "–"


def test_who_has_a_notebook_without_a_verdict_has_no_total_yet(tmp_path):
    soup = page(tmp_path, graded("ada", RIGHT), NotGraded("ada", "3_large", "OSError: disk"), graded("ben", RIGHT))
    assert [row.find(class_="n").text for row in soup.find(id="students").tbody.find_all("tr")] == ["–", "6"]
    assert "lowest 6, highest 6" in soup.find(id="points").get_text(" ", strip=True)


def test_what_could_not_be_graded_and_the_courses_faults_stand_at_the_top(tmp_path):
    fault = asked("q2_2", 6, Status.CORRECT, course_fault=True)
    soup = page(tmp_path, NotGraded("eve", "2_small", "OSError: disk"), graded("ada", fault))
    alarms = [alarm.get_text(" ", strip=True) for alarm in soup.find_all(class_="alarm")]
    assert "eve, 2_small: OSError: disk" in alarms[0]
    assert "q2_2 (ada)" in alarms[1]
    trusted = graded("ada", RIGHT)
    object.__setattr__(trusted.results, "room", "none")
    assert "trusted" in page(tmp_path, trusted).find(class_="alarm").text


def test_nothing_of_a_student_becomes_markup(tmp_path):
    wrong = asked("q2_2", 0, Status.WRONG, HOSTILE, remarks=(HOSTILE,))
    soup = page(tmp_path, graded(HOSTILE, wrong, notes=(HOSTILE,)), NotGraded(HOSTILE, "x", HOSTILE))
    [script] = soup.find_all("script")
    assert HOSTILE not in script.text and "alert" not in script.text
    assert soup.text.count(HOSTILE) >= 5
    assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not [tag for tag in soup.find_all(True) if "style" in tag.attrs], "the policy lets no style of a tag count"


def test_what_a_run_has_written_gives_the_same_page_again(tmp_path):
    of = [NotGraded("eve", "2_small", "OSError: disk"), graded("ada", RIGHT, WAITS)]
    first = str(page(tmp_path, *of))
    write_scores(tmp_path / "scores.csv", of)
    Store(tmp_path / "results").save(of[1].results, "key")
    assert str(page(tmp_path, *read_graded(tmp_path))) == first


@pytest.mark.parametrize("rows", ["ada,2_small", "ada,2_small,q2_2,nan,6,correct,", "ada,2_small,q2_2,6,6,correct,"])
def test_a_damaged_run_is_one_error(tmp_path, rows):
    (tmp_path / "scores.csv").write_text(f"{','.join(COLUMNS)}\n{rows}")
    with pytest.raises(NoReport, match="grade"):
        read_graded(tmp_path)


def test_a_score_that_is_no_number_is_one_error(tmp_path):
    Store(tmp_path / "results").save(graded("ada", RIGHT).results, "key")
    for score, told in (("6", None), ("nan", "nan is no score"), ("inf", "inf is no score")):
        (tmp_path / "scores.csv").write_text(f"{','.join(COLUMNS)}\nada,2_small,q2_2,{score},6,correct,")
        if told is None:
            assert read_graded(tmp_path)[0].scores == {"q2_2": 6}
            continue
        with pytest.raises(NoReport, match=told):
            read_graded(tmp_path)


def test_without_an_earlier_run_there_is_no_report(tmp_path):
    with pytest.raises(NoReport, match="grade"):
        read_graded(tmp_path)


def test_open_regrade_requests_are_counted_and_stand_with_what_was_asked(tmp_path):
    requests = (Regrade("ada", "q2_2", HOSTILE, 3.0), Regrade("ben", "q2_2", "no?", 3.0, "No.", "Kim", 3.0))
    write_report(tmp_path / "report.html", "A course", [graded("ada", HALF), graded("ben", HALF)], regrades=requests)
    soup = BeautifulSoup((tmp_path / "report.html").read_text(), "html.parser")
    assert "1 regrade request is open" in soup.find(class_="tiles").text
    section = soup.find(id="regrades")
    assert "1 open, 1 decided" in section.text and soup.find("a", href="#regrades")
    assert [[cell.text for cell in row.find_all(["th", "td"])] for row in section.tbody.find_all("tr")] == [
        ["ada", "q2_2", "3", HOSTILE]
    ]
    assert page(tmp_path, graded("ada", HALF)).find(id="regrades") is None
