"""Hands in modules with the names of those that graders import, and configurations."""

from tests.attacks.handin_files import known

NAMES = ("otter", "scalelab", "nbgrader", "sitecustomize", "usercustomize", "torch", "json", "math", "conftest")


def make(folder):
    marks = known(folder)
    path = f"{marks['outside']}/public/{marks['token']}-shadowing_modules"
    text = f"open({path!r}, 'w').close()\n"
    for name in NAMES:
        (folder / f"{name}.py").write_text(text)
    for name in ("nbgrader_config.py", "jupyter_config.py", "ipython_config.py", "setup.py"):
        (folder / name).write_text(text)
    tests = folder / "tests"
    tests.mkdir()
    (tests / "q2_2.py").write_text(text + "points = 0\n")
