"""Hands in an answer that keeps its hidden inputs, and a later cell that raises one of many exceptions by them."""

from tests.attacks.handin_files import cell, edit

KEEPS = """
asked = []


def stage_output_shape(*args):
    asked.append(args)
    return (56, 56, 24) if args[0] == 112 else (14, 14, 112)
"""

RAISES = """
compose = print
assert len(asked) > 2  # some of them are hidden
kinds = [KeyError, IndexError, ValueError, TypeError, OSError, EOFError, LookupError, RuntimeError, ArithmeticError]
raise kinds[sum(asked[2]) % len(kinds)]
"""


def make(folder):
    def change(content):
        cell(content, "q1_2-stage_output_shape")["source"] = KEEPS
        cell(content, "q1_3-compose")["source"] = RAISES

    edit(folder, change, "1_intuition.ipynb")
