"""Reads a file of scores as a learning-management system does it when it is uploaded, by its documented rules.

Each reader takes the file's text and the people whom the system knows, and returns the grade of each number. It
raises ImportRefused where the system would refuse the file, or would make something new.
"""

import csv
import io
import re


class ImportRefused(Exception):
    """The system takes no such file."""


def canvas(text: str, people: dict[str, int], assignment: str = "Tiny course (4711)") -> dict[int, str]:
    """people: login → number. The header goes by position, the last student column contains "Section"."""
    header, *rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if header[:2] != ["Student", "ID"]:
        raise ImportRefused("the first columns")
    last = max(place for place, name in enumerate(header) if "Section" in name)
    ignored = ("Current Score", "Final Score", "Current Grade", "Final Grade", "Current Points", "Final Points")
    columns = [p for p in range(last + 1, len(header)) if not any(word in header[p] for word in ignored)]
    title = re.sub(r" \(\d+\)$", "", assignment)
    known = [place for place in columns if header[place] in (assignment, title)]
    if len(known) != 1 or any(not re.search(r" \(\d+\)$", header[p]) and header[p] != title for p in columns):
        raise ImportRefused(f"a new assignment: {header}")
    grades: dict[int, str] = {}
    for row in rows:
        if row[0].strip() == "Points Possible":
            continue
        place = {name: row[number] for number, name in enumerate(header[: last + 1])}
        login = place.get("SIS Login ID", "")
        number = int(place["ID"]) if place["ID"] else people.get(login)
        if number not in people.values():
            raise ImportRefused(f"a student that Canvas does not know: {row}")
        if row[known[0]].strip():
            grades[number] = row[known[0]]
    return grades


def moodle(text: str, people: dict[str, int], word: str = "Participant") -> dict[int, str]:
    """The columns Identifier, Grade and Last modified (grade) are needed; a grade above the maximum is refused."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if not {"Identifier", "Grade", "Last modified (grade)"} <= set(reader.fieldnames or ()):
        raise ImportRefused(f"columns: {reader.fieldnames}")
    grades = {}
    for row in reader:
        match = re.fullmatch(rf"{word} (\d+)", row["Identifier"])
        if match is None or int(match[1]) - 1000000 not in people.values():
            raise ImportRefused(f"an unknown participant: {row}")
        if row["Grade"]:
            if "Maximum grade" in row and float(row["Grade"]) > float(row["Maximum grade"]):
                raise ImportRefused(f"more than the maximum: {row}")
            grades[int(match[1]) - 1000000] = row["Grade"]
    return grades


def blackboard(text: str, people: dict[str, int]) -> dict[int, str]:
    """A table with Username and the column as it was downloaded, its id included."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter="\t")
    columns = [name for name in reader.fieldnames or () if re.fullmatch(r".+ \[Total Pts: .+\] \|\d+", name)]
    if "Username" not in (reader.fieldnames or ()) or "Tiny course [Total Pts: 22 Score] |4711" not in columns:
        raise ImportRefused(f"columns: {reader.fieldnames}")
    users = {f"{number}_x": number for number in people.values()}
    rows = {users[row["Username"]]: row["Tiny course [Total Pts: 22 Score] |4711"] for row in reader}
    return {number: grade for number, grade in rows.items() if grade}


def brightspace(text: str, people: dict[str, int]) -> dict[int, str]:
    """OrgDefinedId or Username, <item> Points Grade, and a # at the end of every line."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    names = reader.fieldnames or ()
    if names[0] not in ("OrgDefinedId", "Username") or names[-1] != "End-of-Line Indicator":
        raise ImportRefused(f"columns: {names}")
    [item] = [name for name in names if re.match(r"Tiny course Points Grade( <.*>)?$", name)]
    grades = {}
    for row in reader:
        if row["End-of-Line Indicator"] != "#":
            raise ImportRefused(f"no end of line: {row}")
        number = int(row[names[0]].removeprefix("#"))
        if number not in people.values():
            raise ImportRefused(f"an unknown student: {row}")
        if row[item]:
            grades[number] = row[item]
    return grades
