import io
import zipfile

import pytest

from autograder.release.bundles import student_entries, write_otter_zip, write_student_zip

pytestmark = pytest.mark.tool


def entries_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def student_zip(tiny):
    return entries_of(tiny.dist / "student.zip")


def hold_no_secret(files):
    for name, data in files.items():
        for secret in (b"BEGIN SOLUTION", b"MARK SCHEME", b"import autograder", b"from autograder"):
            assert secret not in data, (name, secret)


def in_wheel(data):
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def test_the_student_zip_holds_what_students_need_and_nothing_of_the_autograder(student_zip, tiny_release):
    (wheel,) = (name for name in student_zip if name.endswith(".whl"))
    assert wheel.startswith("notebook_course_checks-")
    data = {"data/incomes/village.csv"}
    assert set(student_zip) == {*tiny_release.files, "environment.yml", "README.md", wheel, *data}
    assert all(student_zip[name].decode() == text for name, text in tiny_release.files.items())
    inside = in_wheel(student_zip[wheel])
    assert {name.split("/")[0].split("-")[0] for name in inside} == {"notebook_checks", "notebook_course_checks"}
    assert "notebook_checks/__init__.py" in inside
    hold_no_secret(student_zip | inside)


def test_this_courses_zip_has_its_library_and_of_its_data_what_students_may_see(course, release):
    zipped = entries_of(course.dist / "student.zip")
    wheels = {name.split("-")[0]: name for name in zipped if name.endswith(".whl")}
    assert set(wheels) == {"notebook_course_checks", "compound_scaling_lab"}
    data = {name for name in zipped if name.startswith("data/")}
    assert {"data/cifar10_sample/train.png", "data/cifar10_sample/test.png", "data/results/imagenet.csv"} <= data
    assert {name.split("/")[1] for name in data} == {"cifar10_sample", "results"}
    texts = {"environment.yml", "README.md", "it_does_not_work.md", "anywhere.md", "constraints.txt"}
    assert set(zipped) == {*release.files, *texts, *wheels.values(), *data}
    inside = in_wheel(zipped[wheels["compound_scaling_lab"]])
    assert "scalelab/__init__.py" in inside
    hold_no_secret(zipped | inside)


def test_two_student_zips_are_equal_entry_by_entry(student_zip, tiny_release, tmp_path):
    write_student_zip(tmp_path / "student.zip", student_entries(tiny_release.course, tiny_release.files))
    assert entries_of(tmp_path / "student.zip") == student_zip


def test_two_otter_zips_are_equal_entry_by_entry_and_hold_their_notebooks_tests(tiny, tiny_release, tmp_path):
    for source in tiny_release.sources:
        asked = [tiny_release.questions[cell.question] for cell in source.cells if cell.role == "check"]
        made = entries_of(tiny.dist / "otter" / source.name / "autograder.zip")
        write_otter_zip(tmp_path / source.name / "autograder.zip", tiny, source.name, asked)
        assert entries_of(tmp_path / source.name / "autograder.zip") == made
        tests = {name for name in made if name.startswith("tests/") and name.endswith(".py")}
        assert tests == {f"tests/{question.path.name}" for question in asked}
        assert b"JudgePlugin" in made["otter_config.json"]


def test_entries_are_sorted_and_of_one_time(tiny):
    zips = list(tiny.dist.rglob("*.zip"))
    assert len(zips) == 3
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == sorted(archive.namelist())
            assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


def test_the_nbgrader_course_keeps_the_mark_schemes_for_the_graders_and_not_for_students(tiny, tiny_release):
    root = tiny.dist / "nbgrader"
    for name in tiny_release.instructor:
        source = (root / "source" / "tiny" / f"{name}.ipynb").read_text(encoding="utf-8")
        released = (root / "release" / "tiny" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" in source and "MARK SCHEME" in source
        assert "MARK SCHEME" not in released and "BEGIN SOLUTION" not in released
    assert (root / "gradebook.db").exists() and (root / "nbgrader_config.py").exists()
