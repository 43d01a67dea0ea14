"""The bundled class: students as the answers that they put into the release, and what they did to the files.

Kept as answers, not as finished copies, so that the class stays a class of the present release.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.course.answered import add_attachments, fill, model_answers

Mishap = Callable[[Path], None]

FIRST_HALF = ("1_intuition", "2_compound_scaling")
SECOND_HALF = ("3_efficientnet", "4_cifar", "5_comparison")


@dataclass(frozen=True)
class Student:
    """One student. story: what is the matter. own: answers that are not the model's, cell id → source.

    answered: whether all else is answered as the model does. mishaps: what happened to the finished files.
    notebooks: those that were handed in, all by default.
    """

    name: str
    story: str
    own: dict[str, str] = field(default_factory=dict)
    answered: bool = True
    mishaps: tuple[Mishap, ...] = ()
    notebooks: tuple[str, ...] = FIRST_HALF + SECOND_HALF


def write_class(course: Course, folder: Path) -> list[Student]:
    """Write every student's hand-in as nbgrader's tree in `folder`."""
    model = model_answers(course)
    for student in STUDENTS:
        place = folder / student.name / course.name
        place.mkdir(parents=True)
        answers = (model if student.answered else {}) | student.own
        for name in student.notebooks:
            nbformat.write(fill(load_skeletons(course)[name], answers), place / f"{name}.ipynb")
        if student.answered and "4_cifar" in student.notebooks:
            add_attachments(course, place)
        for mishap in student.mishaps:
            mishap(place)
    return STUDENTS


def _edit(name: str, change: Callable[[NotebookNode], None]) -> Mishap:
    def mishap(place: Path) -> None:
        path = place / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)

    return mishap


def _delete_checks(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("grader.check")]


def _rename(place: Path) -> None:
    (place / "2_compound_scaling.ipynb").rename(place / "scaling homework FINAL (2).ipynb")


def _no_json(place: Path) -> None:
    (place / "1_intuition.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": "def stage_out', encoding="utf-8"
    )


def _leave_out(place: Path) -> None:
    (place / "1_intuition.ipynb").unlink()


def _hand_in_twice(place: Path) -> None:
    old = place / "2_compound_scaling-old.ipynb"
    old.write_bytes((place / "2_compound_scaling.ipynb").read_bytes())
    import os

    os.utime(old, (1_000_000_000, 1_000_000_000))


def _lose_the_weights(place: Path) -> None:
    (place / "best.safetensors").unlink()


def _boast(place: Path) -> None:
    record = json.loads((place / "best.json").read_text(encoding="utf-8"))
    (place / "best.json").write_text(json.dumps(record | {"accuracy": 99.1}), encoding="utf-8")


def _add_script(notebook: NotebookNode) -> None:
    script = "<script>document.title = 'taken over'</script> [a link](javascript:alert(1))"
    notebook.cells.insert(3, nbformat.v4.new_markdown_cell(script))
    output = nbformat.v4.new_output("display_data", data={"text/html": "<script>alert(1)</script>"})
    notebook.cells.insert(4, nbformat.v4.new_code_cell("'look'", outputs=[output]))


STUDENTS = [
    Student("ada", "everything right"),
    Student("blank", "handed the release in as it was", answered=False),
    Student(
        "carl",
        "counts FLOPs where multiply-adds are asked, and forgets the groups",
        {
            "q2_2-conv_macs": (
                "def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):\n"
                "    rows, columns = -(-height // stride), -(-width // stride)\n"
                "    return 2 * rows * columns * in_channels * out_channels * kernel**2"
            )
        },
        notebooks=FIRST_HALF,
    ),
    Student(
        "dora",
        "thinks that width counts once, and uses 2^φ where the exact growth is asked",
        {
            "q2_2-flops_multiplier": 'flops_multiplier = {"depth": 2, "width": 2, "resolution": 4}',
            "q2_2-network_macs": (
                "def network_macs(depth, width, resolution, kernel=3):\n"
                "    return depth * width * resolution**2 * kernel**2"
            ),
            "q2_3-flops_growth": "def flops_growth(phi, alpha, beta, gamma):\n    return 2.0**phi",
        },
        notebooks=FIRST_HALF,
    ),
    Student(
        "emil",
        "rounds repeats to the nearest, cuts channels off, and swaps α and γ",
        {
            "q3_1-compound_coefficients": (
                "def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):\n"
                "    return gamma**phi, beta**phi, alpha**phi"
            ),
            "q3_1-round_repeats": "def round_repeats(repeats, depth):\n    return round(repeats * depth)",
            "q3_1-round_channels": (
                "def round_channels(channels, width, divisor=8):\n    return int(channels * width / divisor) * divisor"
            ),
        },
        notebooks=FIRST_HALF,
    ),
    Student(
        "fritz",
        "has a syntax error in one cell",
        {"q1_2-stage_output_shape": "def stage_output_shape(height, width, in_channels, out_channels, stride"},
        notebooks=FIRST_HALF,
    ),
    Student(
        "gina",
        "has an endless loop in one cell, which ignores interrupts",
        {
            "q1_3-compose": (
                "def compose(stages):\n    return lambda x: x\n\n"
                "while True:\n    try:\n        while True:\n            pass\n"
                "    except KeyboardInterrupt:\n        pass"
            )
        },
        notebooks=FIRST_HALF,
    ),
    Student(
        "hugo",
        "kills the kernel in one cell",
        {"q2_3-flops_growth_rule": "import os\n\nos._exit(1)"},
        notebooks=FIRST_HALF,
    ),
    Student(
        "ines",
        "deleted every check cell",
        mishaps=tuple(_edit(name, _delete_checks) for name in ("1_intuition", "2_compound_scaling")),
        notebooks=FIRST_HALF,
    ),
    Student(
        "jörg müller",
        "has spaces and an umlaut in the name, and renamed a notebook",
        mishaps=(_rename,),
        notebooks=FIRST_HALF,
    ),
    Student("kim", "handed in a file that was cut off while it was saved", mishaps=(_no_json,), notebooks=FIRST_HALF),
    Student("lena", "left one notebook out", mishaps=(_leave_out,), notebooks=FIRST_HALF),
    Student(
        "mia",
        "handed in an old version of a notebook besides the new one",
        mishaps=(_hand_in_twice,),
        notebooks=FIRST_HALF,
    ),
    Student(
        "niko",
        "cheats: patches what a test might use, and puts scripts into the page",
        {
            "q2_2-conv_macs": (
                "import builtins\n\n"
                "class Always(float):\n"
                "    __eq__ = __le__ = __ge__ = lambda self, other: True\n"
                "    __sub__ = __rsub__ = lambda self, other: 0.0\n"
                "    __hash__ = float.__hash__\n\n"
                "abs = builtins.abs = lambda x: 0\n"
                "builtins.isinstance = lambda *_: True\n\n"
                "def conv_macs(*args, **kwargs):\n    return Always(1)"
            ),
        },
        mishaps=(_edit("1_intuition", _add_script),),
        notebooks=FIRST_HALF,
    ),
    Student(
        "otto",
        "takes ReLU where SiLU is asked, and rounds repeats to the nearest",
        {
            "q3_se-SqueezeExcite": (
                "class SqueezeExcite(nn.Module):\n"
                "    def __init__(self, channels, squeezed_channels):\n"
                "        super().__init__()\n"
                "        squeeze = nn.Conv2d(channels, squeezed_channels, 1)\n"
                "        excite = nn.Conv2d(squeezed_channels, channels, 1)\n"
                "        layers = [nn.AdaptiveAvgPool2d(1), squeeze, nn.ReLU(), excite, nn.Sigmoid()]\n"
                "        self.gates = nn.Sequential(*layers)\n\n"
                "    def forward(self, x):\n        return x * self.gates(x)"
            ),
            "q3_net-round_repeats": "def round_repeats(repeats, depth):\n    return round(repeats * depth)",
        },
        notebooks=SECOND_HALF,
    ),
    Student(
        "paula",
        "wraps torchvision's EfficientNet",
        {
            "q3_net-EfficientNet": (
                "import torchvision\n\n\n"
                "def EfficientNet(width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):\n"
                "    return torchvision.models.efficientnet_b0(num_classes=num_classes)"
            ),
        },
        notebooks=SECOND_HALF,
    ),
    Student("quirin", "trained, and left the weights out", mishaps=(_lose_the_weights,), notebooks=SECOND_HALF),
    Student(
        "rosa",
        "says 99.1% in best.json, and ranks the worst network first",
        {
            "q3_4a-comparison_table": (
                "def comparison_table(models):\n"
                "    table = []\n"
                "    for model in models:\n"
                "        ratios = {\n"
                "            'accuracy_per_million': model['accuracy'] / (model['parameters'] / 1e6),\n"
                "            'accuracy_per_gmac': model['accuracy'] / (model['macs'] / 1e9),\n"
                "        }\n"
                "        table.append({**model, **ratios})\n"
                "    return sorted(table, key=lambda model: model['accuracy'])"
            )
        },
        mishaps=(_boast,),
        notebooks=SECOND_HALF,
    ),
]
