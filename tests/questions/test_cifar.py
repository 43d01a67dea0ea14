"""q3_3 in a real room: the odd files, builders and attacks that the answer bank does not have, and their remarks."""

import json
import re
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from autograder.course.answered import model_answers
from autograder.course.questions import read_question
from autograder.course.submission import Cell
from autograder.judge.cases import run_cases
from autograder.judge.model import model_cells
from autograder.judge.session import Session
from autograder.room import Limits, RoomLost
from scalelab.checking import Unexpected, judging
from scalelab.data import cifar10
from scalelab.plan import MAX_MACS, MAX_NUMBERS
from tests.compound import COURSE, ROOT

pytestmark = pytest.mark.room

IMAGES = COURSE.grading_module("images")
judging_images, training_images = IMAGES.judging_images, IMAGES.training_images
TRAINED = tuple(one.name for one in COURSE.attachments)

SEED = 11
WEIGHTS, RECORD, PLANNED_WEIGHTS, PLAN = TRAINED
HONEST = model_answers(COURSE)["q3_3-build_best_model"]
LIMITS = Limits(call_seconds=30, question_seconds=120)
"""Wider than those of grading: the machine that tests run on may have more to do."""


@pytest.fixture(scope="module")
def session():
    """A room in which the given cells of the notebook have been run."""
    session = Session((), "none", LIMITS)
    for cell in model_cells(COURSE, "4_cifar"):
        if cell.role == "given":
            assert session.play(cell).status == "ok"
    yield session
    session.close()


@pytest.fixture
def ask(session):
    """Judges an answer: its points, what is told of failed cases, and the remarks."""

    def ask(question: str, source: str, trained: Path | None = None, seed: int = SEED):
        session.attachments = trained
        session.load = COURSE.grading_module
        session.play(Cell("answer", "code", "answer", question, source, touched=True))
        cases, fault, remarks = run_cases(read_question(COURSE.questions / f"{question}.py"), session, seed, _refuse)
        assert not fault
        told = " ".join(dict.fromkeys(case.message for case in cases))
        return sum(case.points for case in cases if case.passed), told, " ".join(remarks)

    return ask


def _refuse(name: str) -> bool:
    raise AssertionError(f"the case {name} raised something that is no verdict")


@pytest.fixture(scope="module")
def env():
    """The names of q3_3's test file."""
    names: dict = {}
    exec((COURSE.questions / "q3_3.py").read_text(), names)
    return names


@pytest.fixture
def folder(tmp_path) -> Path:
    """What the model solution's training made, to be changed by a test."""
    return Path(shutil.copytree(COURSE.all_model_attachments, tmp_path / "trained"))


def put(folder: Path, weights: dict[str, torch.Tensor]) -> Path:
    """Write other weights."""
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / WEIGHTS)
    return folder


# ---- q3_2


def test_the_batches_are_as_the_question_says():
    """What the hints take for granted: that 3,000 and 1,000 images leave 56 and 104 for a last batch."""
    sample = cifar10()
    assert (len(sample.train) % 128, len(sample.test) % 128) == (56, 104)


# ---- q3_3: what is honest


@pytest.mark.parametrize("seed", range(3))
def test_the_model_solution_has_points_of_percent_to_spare(env, seed):
    folder = COURSE.all_model_attachments
    assert _percent(env, folder, seed) >= env["LADDERS"]["any kind"]["sample"][-1] + 3
    assert _percent(env, folder, seed, "efficientnet") >= env["LADDERS"]["efficientnet"]["sample"][-1] + 3


def _percent(env, folder: Path, seed: int, which: str = "any kind") -> float:
    """What q3_3 measures for one of the honest networks, here and not in a room."""
    names = {"torch": torch, "nn": torch.nn}
    exec(HONEST, names)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in a room
    with judging(seed, lambda source: eval(source, {}), folder, load=COURSE.grading_module):
        is_any = which == "any kind"
        percent = env["measure"](names["build_best_model"]) if is_any else env["measure_efficientnet"]()
    torch.set_num_threads(threads)
    return percent


@pytest.mark.parametrize("noise", [0.1, 0.2, 0.3])
def test_points_rise_with_the_accuracy_step_by_step(ask, env, folder, noise):
    """Weights with noise are worse than those without: by how much is measured here."""
    torch.manual_seed(1)
    weights = load_file(folder / WEIGHTS)
    noisy = {k: v + noise * v.std() * torch.randn(v.shape) if v.ndim == 4 else v for k, v in weights.items()}
    percent = _percent(env, put(folder, noisy), SEED)
    steps = sum(percent >= step for step in env["LADDERS"]["any kind"]["sample"])
    earned, told, _ = ask("q3_3", HONEST, folder)
    assert earned == 6 + 1 + steps
    assert (steps == 5) or f"{percent:.0f}% of new images" in told


def test_the_ladders_are_those_that_the_notebook_tells(env):
    text = (COURSE.source("4_cifar")).read_text()
    rows = {
        kind: {
            size: tuple(
                map(int, re.findall(r"(\d+)%", re.search(rf"# \| \**{said}, trained on the {name}.*", text)[0]))
            )
            for size, name in (("sample", "sample"), ("full", "full set"))
        }
        for kind, said in (("any kind", "any kind"), ("efficientnet", "EfficientNet"))
    }
    assert rows == env["LADDERS"]
    assert "ladders of the **sample**" in text and env["TRAINED_ON"] == "sample"
    assert f"{env['LIMIT']:,}" in text and env["LIMIT"] == MAX_NUMBERS == 9_109_994
    assert f"**{MAX_MACS:,} multiply-adds**" in text
    ladders = [ladder for of_kind in env["LADDERS"].values() for ladder in of_kind.values()]
    assert all(len(ladder) == 5 and list(ladder) == sorted(ladder) for ladder in ladders)


def with_buffers(tables: str) -> str:
    """The model solution's network with buffers of whole numbers and truth values, as Swin's attention has them."""
    source = HONEST.replace("return nn.Sequential(*layers,", "network = nn.Sequential(*layers,")
    return source + f"\n    {tables}\n    return network\n"


def test_buffers_of_whole_numbers_and_of_truth_values_are_weights_like_others(ask, folder):
    buffers = {"mask": torch.zeros(3, dtype=torch.bool), "index": torch.arange(9), "small": torch.ones(2).byte()}
    tables = "; ".join(
        f"network.register_buffer({name!r}, torch.zeros({len(one)}, dtype={one.dtype}))"
        for name, one in buffers.items()
    )
    put(folder, load_file(folder / WEIGHTS) | buffers)
    earned, told, _ = ask("q3_3", with_buffers(tables), folder)
    assert (earned, told) == (12, "")


def test_a_file_of_very_many_whole_numbers_gets_nothing(ask, folder):
    put(folder, load_file(folder / WEIGHTS) | {"images": torch.zeros(600_000, dtype=torch.uint8)})
    tables = "network.register_buffer('images', torch.zeros(600_000, dtype=torch.uint8))"
    earned, told, _ = ask("q3_3", with_buffers(tables), folder)
    assert earned == 6 and "very many whole numbers" in told


# ---- q3_3: what is wrong


def test_without_the_record_half_a_point_is_lost_and_the_instructor_told(ask, folder):
    (folder / RECORD).unlink()
    earned, told, remarks = ask("q3_3", HONEST, folder)
    assert (
        earned == 11.5
        and "best.json was not handed in" in told
        and "best.json names no accuracy from 0 to 100" in remarks
    )


@pytest.mark.parametrize(
    "record",
    [
        "{", "[]", "", "null", "{}", "[" * 50_000,
        '{"accuracy": "99"}', '{"accuracy": NaN}', '{"accuracy": true}', '{"accuracy": null}',
        '{"accuracy": -Infinity}',
        f'{{"accuracy": 1{"0" * 400}}}', f'{{"accuracy": 1{"0" * 5000}}}', '{"accuracy": 1e400}', '{"accuracy": -1}',
    ],
)  # fmt: skip
def test_a_record_that_is_none_is_remarked(env, tmp_path, record):
    (tmp_path / RECORD).write_text(record)
    remarks = []
    with judging(SEED, eval, tmp_path, remarks.append):
        env["tell_of_record"](50.0)
    assert remarks == ["best.json names no accuracy from 0 to 100"]


def test_a_record_that_claims_far_more_than_is_measured_is_remarked_and_costs_nothing(ask, folder):
    (folder / RECORD).write_text(json.dumps({"accuracy": 99.0}))
    earned, _, remarks = ask("q3_3", HONEST, folder)
    assert earned == 12 and "claims 99.0%" in remarks


@pytest.mark.parametrize(
    ("source", "points", "said"),
    [
        ("def build_best_model():\n    raise NotImplementedError('x')", 6, "Not written yet"),
        ("def build_best_model():\n    return 3", 6, "an nn.Module"),
        ("def build_best_model():\n    return None", 6, "an nn.Module"),
        ("build_best_model = 3", 6, "A call raised TypeError"),
        ("def build_best_model():\n    import posix\n    posix._exit(0)", 6, "ended the kernel"),
    ],
)
def test_a_builder_that_is_none(ask, source, points, said):
    ask("q3_3", "build_best_model = None", None)
    earned, told, _ = ask("q3_3", source, COURSE.all_model_attachments)
    assert earned == points
    assert said in told


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 100,
        (5).to_bytes(8, "little") + b"[1,2]",
        (2).to_bytes(8, "little") + b"{}",
        (66).to_bytes(8, "little") + b'{"a": {"dtype": "F32", "shape": [1000], "data_offsets": [0, 4000]}}'[:66],
        (64).to_bytes(8, "little") + b'{"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}  ' + b"12345678",
    ],
)
def test_a_file_that_holds_no_weights_gives_no_points(ask, folder, data):
    (folder / WEIGHTS).write_bytes(data)
    earned, told, _ = ask("q3_3", HONEST, folder)
    assert earned == 6 and "no file of weights" in told


def test_numbers_of_a_kind_that_is_not_read_are_told_so(ask, folder):
    put(folder, {name: one.to(torch.complex64) for name, one in load_file(folder / WEIGHTS).items()})
    earned, told, _ = ask("q3_3", HONEST, folder)
    assert earned == 6 and "save them as float32 or float16" in told


def own(tmp_path: Path, forward: str, extra: str = "") -> tuple[str, Path]:
    """A network with one weight and a forward of its own, and its files."""
    put(tmp_path, {"weight": torch.ones(1)})
    (tmp_path / RECORD).write_text('{"accuracy": 10.0}')
    lines = "\n".join(f"        {line}" for line in forward.split("\n"))
    source = (
        "class Own(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.weight = nn.Parameter(torch.ones(1))\n"
        f"        {extra}\n"
        f"    def forward(self, images):\n{lines}\n"
        "def build_best_model():\n    return Own()"
    )
    return source, tmp_path


@pytest.mark.parametrize(
    ("forward", "points", "said"),
    [
        ("return torch.zeros(len(images), 5)", 0.5, "There are ten classes"),
        ("return torch.zeros(1, 10)", 0.5, "logits of shape"),
        ("return torch.zeros(10)", 0.5, "logits of shape"),
        ("return images.mean() + torch.full((len(images), 10), float('inf'))", 0.5, "nan or infinite"),
        ("return [['a'] * 10] * len(images)", 0.5, "nan or infinite"),
        ("return None", 0.5, "logits of shape"),
        ("raise ValueError", 0.5, "A call raised ValueError"),
        ("return torch.randn(len(images), 10)", 1, "left in training mode"),
        ("x = images.mean((2, 3))\nreturn (x - x.mean(0)).repeat(1, 4)[:, :10]", 1, "left in training mode"),
        ("return torch.eye(10)[torch.full((len(images),), 3)] * self.weight", 1, "% of new images were named rightly"),
    ],
)
def test_a_network_that_gives_no_logits_or_a_constant(ask, tmp_path, forward, points, said):
    earned, told, _ = ask("q3_3", *own(tmp_path, forward))
    assert (earned, said in told) == (points, True), told


def test_a_network_that_takes_too_long_gets_no_steps(ask, tmp_path, session, monkeypatch):
    monkeypatch.setattr(session, "limits", Limits(call_seconds=5, question_seconds=12, patience=1.5))
    slow = "import time\ntime.sleep(60 if len(images) > 2 else 0)\nreturn torch.zeros(len(images), 10)"
    earned, told, _ = ask("q3_3", *own(tmp_path, slow))
    assert earned == 1 and "did not end in time" in told


def test_a_room_that_is_lost_is_no_verdict_and_the_network_is_measured_again():
    found = [RoomLost("the kernel ended"), Unexpected("wrong", "wrong"), 90.0]

    def measure(build_best_model):
        if isinstance(found[0], Exception):
            raise found.pop(0)
        return found.pop(0)

    measured: dict = {}
    exec(read_question(COURSE.questions / "q3_3.py").text, measured)
    measured["measure"] = measure
    with pytest.raises(RoomLost):
        measured["accuracy_of"]("any kind", None)
    for _ in range(2):  # what says something of the network is found once for all steps
        with pytest.raises(Unexpected):
            measured["accuracy_of"]("any kind", None)
    assert found == [90.0]


# ---- q3_3: attacks


def with_buffer(tensor: str) -> str:
    """What makes the honest answer's network one with a buffer more."""
    return (
        "\nhonest = build_best_model\n"
        "def build_best_model():\n    network = honest()\n"
        f"    network.register_buffer('more', {tensor})\n    return network"
    )


def test_above_the_limit_there_are_no_points_at_all(ask, folder):
    weights = load_file(folder / WEIGHTS)
    room = 9_109_994 - sum(tensor.numel() for tensor in weights.values())
    source = HONEST + with_buffer("torch.zeros({}, dtype=torch.half)")
    for more, points in ((room, 12), (room + 1, 6)):
        put(folder, weights | {"more": torch.zeros(more, dtype=torch.half)})
        earned, told, _ = ask("q3_3", source.format(more), folder)
        assert earned == points, told
    assert "Above the limit" in told


def test_buffers_that_the_file_does_not_hold_count_as_well(ask, folder):
    earned, told, _ = ask("q3_3", HONEST + with_buffer("torch.zeros(9_000_000), persistent=False"), folder)
    assert earned == 6 and "Above the limit" in told


LOOKUP = """
from scalelab.data.sheets import read_sheet
from pathlib import Path
known = {{}}
for sheet in ("judging/cifar10.png", "cifar10_sample/test.png", "cifar10_sample/train.png"):
    part = read_sheet(Path({data!r}) / sheet)
    for image, label in zip(part.images, part.labels):
        for version in (image, image.flip(2)):
            known[hash(data.normalise(version[None]).numpy().tobytes())] = int(label)
"""


def test_a_table_of_hashes_gains_nothing(ask, tmp_path):
    forward = (
        "labels = [known.get(hash(image.contiguous().numpy().tobytes()), 0) for image in images]\n"
        "return torch.eye(10)[torch.tensor(labels)] * self.weight"
    )
    source, folder = own(tmp_path, forward)
    earned, told, _ = ask("q3_3", LOOKUP.format(data=str(ROOT / "data")) + source, folder)
    assert earned == 1 and re.search(r"\b(9|10|11)% of new images", told)


THUMBNAILS = """
class Thumbnails(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("small", torch.zeros({count}, 192))
        self.register_buffer("labels", torch.zeros({count}))
    def forward(self, images):
        found = []
        for version in (images, images.flip(3)):
            for dy in (-3, 0, 3):
                for dx in (-3, 0, 3):
                    moved = torch.roll(version, (dy, dx), (2, 3))
                    small = nn.functional.adaptive_avg_pool2d(moved, 8).flatten(1)
                    found.append(nn.functional.normalize(small - small.mean(1, keepdim=True)) @ self.small.T)
        best = torch.stack(found).amax(0).argmax(1)
        return nn.functional.one_hot(self.labels[best].round().long().clamp(0, 9), 10).float()
def build_best_model():
    return Thumbnails()
"""


def thumbnails(folder: Path, *parts) -> tuple[str, Path]:
    """A network that looks for the nearest of stored small copies of images."""
    images = torch.cat([part.images for part in parts]).float() / 255
    images = (images - torch.tensor([0.4914, 0.48216, 0.44653]).view(3, 1, 1)) / 0.25
    small = torch.nn.functional.adaptive_avg_pool2d(images, 8).flatten(1)
    small = torch.nn.functional.normalize(small - small.mean(1, keepdim=True))
    put(folder, {"small": small, "labels": torch.cat([part.labels for part in parts]).float()})
    (folder / RECORD).write_text('{"accuracy": 90.0}')
    return THUMBNAILS.format(count=len(small)), folder


def test_small_copies_of_the_test_images_gain_nothing_and_are_remarked(ask, tmp_path):
    earned, told, remarks = ask("q3_3", *thumbnails(tmp_path, judging_images(), cifar10().test))
    assert earned == 1 and "far better on test images" in told
    assert "was it trained on test images?" in remarks


def test_small_copies_of_all_images_are_remarked(ask, tmp_path):
    """They do get points, as a network would that was trained on test images as well: q3_3 says so."""
    earned, _, remarks = ask("q3_3", *thumbnails(tmp_path, judging_images(), training_images()))
    assert earned == 6 and "more than was ever seen" in remarks


def test_weights_outside_of_the_file_gain_nothing_and_are_remarked(ask, tmp_path):
    path = str(COURSE.all_model_attachments / WEIGHTS)
    extra = (
        "from safetensors.torch import load_file\n"
        "        network = honest().eval()\n"
        f"        network.load_state_dict(load_file({path!r}))\n"
        "        self.hidden = [network]"
    )
    source, folder = own(tmp_path, "return self.hidden[0](images)", extra)
    earned, told, remarks = ask("q3_3", f"{HONEST}\nhonest = build_best_model\n{source}", folder)
    assert earned == 1 and "has to be in best.safetensors" in told and "read its code" in remarks


def test_several_numbers_packed_into_one_do_not_survive(env):
    packed = torch.tensor([1.0 + 2.0**-20])
    assert env["rounded"]({"a": packed})["a"].item() == 1.0


def test_the_images_differ_from_grading_to_grading_and_not_within_one(env):
    images = training_images().images[:20]
    first, again, other = (env["perturbed"](images, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert not any(torch.equal(one, image) for one, image in zip(first, images, strict=True))


def test_nobody_tests_on_what_is_judged():
    known = {image.numpy().tobytes() for part in (cifar10().test, cifar10().train) for image in part.images}
    assert not any(image.numpy().tobytes() in known for image in judging_images().images)


# ---- q3_3: the EfficientNet


def test_an_efficientnet_alone_earns_its_half(ask, folder):
    for name in (WEIGHTS, RECORD):
        (folder / name).unlink()
    earned, told, _ = ask("q3_3", "def build_best_model():\n    raise NotImplementedError('x')", folder)
    assert earned == 6 and "best.safetensors was not handed in" in told


def test_no_code_of_the_student_has_to_do_with_the_efficientnet(ask, folder):
    """What a notebook does to torch and to our own functions changes nothing: the judge builds and counts."""
    source = (
        "import scalelab.plan, scalelab.checking.planned\n"
        "scalelab.plan.above_limit = lambda plan: ''\n"
        "scalelab.checking.planned.names_of = lambda network, images: [0] * len(images)\n"
        "torch.Tensor.argmax = None\n"
        "build_best_model = None"
    )
    earned, _, _ = ask("q3_3", source, folder)
    assert earned == 6


@pytest.mark.parametrize(
    ("on_new", "on_known", "said"),
    [(90, 40, "far better on test images"), (95, 97, None), (50, 52, None)],
)
def test_an_efficientnet_that_learnt_test_images_by_heart_gains_nothing(env, on_new, on_known, said):
    remarks: list[str] = []
    with judging(SEED, eval, remark=remarks.append):
        if said:
            with pytest.raises(Unexpected, match=said):
                env["what_counts"](on_new, on_known, "the EfficientNet: ")
        else:
            assert env["what_counts"](on_new, on_known, "the EfficientNet: ") == on_new
    assert bool(remarks) == (on_new > 80) and all(one.startswith("the EfficientNet: ") for one in remarks)
