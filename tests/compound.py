"""The course that this repository is for, as tests use it."""

import re
from pathlib import Path

from autograder.course import load_course
from autograder.verify.bank import bank_of

ROOT = Path(__file__).resolve().parents[1]
COURSE = load_course(ROOT / "solutions" / "compound_scaling")
BANK = bank_of(COURSE)
"""Its answers are read where they are first asked for."""


def course_elsewhere(
    folder: Path, release: str | Path = "notebooks", made: str | Path = "dist", notebooks: tuple[str, ...] = ()
) -> Path:
    """Make `folder` a course folder that is this course's, with links to its files, but for what course.toml says.

    release, made: as in course.toml. notebooks: the only ones that it has; all by default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = (COURSE.folder / "course.toml").read_text(encoding="utf-8")
    text = text.replace("../../notebooks/compound_scaling", str(release)).replace("../../dist", str(made))
    text = text.replace('"../../', f'"{ROOT}/')
    if notebooks:
        text = re.sub(r"^notebooks = .*", f"notebooks = {list(notebooks)}", text, flags=re.MULTILINE)
        text = text.replace("points = 100\n", "")
        if "4_cifar" not in notebooks:
            text = re.sub(r"\[\[attachments\]\]\n(.+\n)+", "", text)
    (folder / "course.toml").write_text(text, encoding="utf-8")
    for path in COURSE.folder.iterdir():
        if not (folder / path.name).exists():
            (folder / path.name).symlink_to(path)
    return folder
