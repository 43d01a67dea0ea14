import io
import zipfile

import pytest

from autograder.release.bundles import write_otter_zip, write_student_zip

pytestmark = pytest.mark.tool


def entries_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def student_zip(course):
    return entries_of(course.dist / "student.zip")


def test_the_student_zip_holds_what_students_need_and_nothing_of_the_autograder(student_zip, release):
    wheels = [name for name in student_zip if name.endswith(".whl")]
    assert len(wheels) == 1 and wheels[0].startswith("scalelab-")
    data = {name for name in student_zip if name.startswith("data/")}
    assert {"data/cifar10_sample/train.png", "data/cifar10_sample/test.png", "data/results/imagenet.csv"} <= data
    assert {name.split("/")[1] for name in data} == {"cifar10_sample", "results"}
    assert set(student_zip) == {*release.files, "environment.yml", "README.md", *wheels, *data}
    assert all(student_zip[name].decode() == text for name, text in release.files.items())
    with zipfile.ZipFile(io.BytesIO(student_zip[wheels[0]])) as wheel:
        assert {name.split("/")[0].split("-")[0] for name in wheel.namelist()} == {"scalelab"}
        assert "scalelab/__init__.py" in wheel.namelist()
        inside = {name: wheel.read(name) for name in wheel.namelist()}
    for name, data in (student_zip | inside).items():
        for secret in (b"BEGIN SOLUTION", b"MARK SCHEME", b"import autograder", b"from autograder"):
            assert secret not in data, (name, secret)


def test_two_student_zips_are_equal_entry_by_entry(student_zip, release, tmp_path):
    write_student_zip(tmp_path / "student.zip", release.course, release.files)
    assert entries_of(tmp_path / "student.zip") == student_zip


def test_two_otter_zips_are_equal_entry_by_entry_and_hold_their_notebooks_tests(course, release, tmp_path):
    for source in release.sources:
        asked = [release.questions[cell.question] for cell in source.cells if cell.role == "check"]
        made = entries_of(course.dist / "otter" / source.name / "autograder.zip")
        write_otter_zip(tmp_path / source.name / "autograder.zip", source.name, asked)
        assert entries_of(tmp_path / source.name / "autograder.zip") == made
        tests = {name for name in made if name.startswith("tests/") and name.endswith(".py")}
        assert tests == {f"tests/{question.path.name}" for question in asked}
        assert b"JudgePlugin" in made["otter_config.json"]


def test_entries_are_sorted_and_of_one_time(course):
    for path in course.dist.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == sorted(archive.namelist())
            assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


def test_the_nbgrader_course_keeps_the_mark_schemes_for_the_graders_and_not_for_students(course, release):
    root = course.dist / "nbgrader"
    for name in release.instructor:
        source = (root / "source" / "compound_scaling" / f"{name}.ipynb").read_text()
        released = (root / "release" / "compound_scaling" / f"{name}.ipynb").read_text()
        assert "BEGIN SOLUTION" in source
        assert ("MARK SCHEME" in source) == (name in {"1_intuition", "2_compound_scaling", "5_comparison"})
        assert "MARK SCHEME" not in released and "BEGIN SOLUTION" not in released
    assert (root / "gradebook.db").exists() and (root / "nbgrader_config.py").exists()
