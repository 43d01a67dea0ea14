"""Hands in a zip whose entries point out of it, to a fellow student and to the whole disk."""

from tests.attacks.handin_files import NOTEBOOK, into_zip, known


def make(folder):
    marks = known(folder)
    name = f"{marks['token']}-zip_dotdot"
    text = (folder / NOTEBOOK).read_bytes()
    up = "../" * 8
    into_zip(
        folder,
        (f"../{name}", b"x"),
        (f"{marks['outside']}/public/{name}", b"x"),
        (f"{up}{marks['outside'].lstrip('/')}/public/{name}-up", b"x"),
        (f"..\\{name}", b"x"),
        (f"../zz_ada/compound_scaling/{name}.ipynb", text),
    )
