"""Training: what a run leaves behind, that it can be killed, and what it says where it makes no sense."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from scalelab import data
from scalelab.training import Epoch, TrainingStopped, accuracy, device, fit
from scalelab.training.curve import draw
from scalelab.training.device import pick_device, pick_precision
from scalelab.training.schedule import learning_rate, progress_of
from tests.command import run as run_python


def tiny(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=4, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.AdaptiveAvgPool2d(4),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


@pytest.fixture(scope="module")
def few():
    """200 and 100 images: a kind of thing is a colour and noise, so that a few steps learn it."""
    random = torch.Generator().manual_seed(1)

    def make(number):
        labels = torch.arange(number) % 10
        colours = (torch.arange(30) * 37 % 256).view(10, 3, 1, 1).float()
        noise = torch.randint(0, 60, (number, 3, 32, 32), generator=random)
        return data.Images((0.7 * colours[labels] + noise).clamp(0, 255).to(torch.uint8), labels)

    return make(200), make(100)


OPTIONS = {"batch_size": 20, "learning_rate": 0.05, "device": "cpu", "precision": "float32", "show": False}


def test_a_run_learns_and_leaves_its_best_weights_and_its_record(few, tmp_path):
    model = tiny()
    record = fit(model, *few, epochs=6, out=tmp_path, name="tiny", **OPTIONS)
    assert record.accuracy > 50
    assert record.accuracy == max(epoch.accuracy for epoch in record.history)
    written = json.loads((tmp_path / "best.json").read_text())
    assert written["accuracy"] == record.accuracy
    assert written["trained_on"] == "200 images"
    assert written["epochs"] == 6 and written["seed"] == 0 and written["device"] == "cpu"
    fresh = tiny(seed=5)
    fresh.load_state_dict(load_file(tmp_path / "best.safetensors"))
    assert accuracy(fresh, few[1]) == record.accuracy == accuracy(model, few[1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.json", "best.safetensors", "runs"]
    assert sorted(path.name for path in (tmp_path / "runs" / "tiny").iterdir()) == [
        "best.json", "best.safetensors", "run.json",
    ]  # fmt: skip


@pytest.mark.tool
@pytest.mark.parametrize("average", [0.0, 0.9])
def test_a_killed_run_ends_with_the_very_weights_of_one_that_was_not(few, tmp_path, average):
    torch.save([few[0].images, few[0].labels, few[1].images, few[1].labels], tmp_path / "few.pt")
    script = (
        f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        "import torch; from scalelab import data; from scalelab.training import fit\n"
        "from test_training import OPTIONS, tiny\n"
        f"a, b, c, d = torch.load({str(tmp_path / 'few.pt')!r})\n"
        "torch.set_num_threads(1)\n"
        f"fit(tiny(), data.Images(a, b), data.Images(c, d), epochs=16, average={average}, out=sys.argv[1], **OPTIONS)\n"
    )
    run_python("python that trains", script, tmp_path / "whole").check_returncode()
    killed = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "killed")])
    checkpoint = tmp_path / "killed" / "runs" / "model" / "checkpoint.pt"
    deadline = time.monotonic() + 240
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert checkpoint.exists() and not list(checkpoint.parent.glob("*.partial*.partial"))
    resuming = run_python("python that trains", script, tmp_path / "killed")
    assert resuming.returncode == 0 and "going on after epoch" in resuming.stdout
    whole, resumed = (load_file(tmp_path / run / "best.safetensors") for run in ("whole", "killed"))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    first, second = (json.loads((tmp_path / run / "best.json").read_text()) for run in ("whole", "killed"))
    assert [e["loss"] for e in first["history"]] == [e["loss"] for e in second["history"]]


def test_every_epoch_is_told_once_and_before_it_is_saved(few, tmp_path):
    told = []

    def note(epoch):
        saved = torch.load(tmp_path / "runs" / "model" / "checkpoint.pt")["state"]["history"] if told else []
        told.append((epoch.epoch, len(saved)))

    fit(tiny(), *few, epochs=3, out=tmp_path, after_epoch=note, **OPTIONS)
    assert told == [(1, 0), (2, 1), (3, 2)]


def killed_in_epoch(number, few, folder, **options):
    """A run that ends without a word while it notes an epoch: what a power cut leaves."""

    class PowerCut(BaseException):
        pass

    def cut(epoch):
        if epoch.epoch == number:
            raise PowerCut

    with pytest.raises(PowerCut):
        fit(tiny(), *few, out=folder, after_epoch=cut, **OPTIONS | options)


def test_a_run_with_other_settings_begins_anew_and_leaves_the_stopped_one_as_it_is(few, tmp_path):
    killed_in_epoch(3, few, tmp_path, epochs=3)
    record = fit(tiny(), *few, epochs=1, out=tmp_path, **OPTIONS)
    assert (record.name, record.epochs) == ("model (2)", 1)
    assert fit(tiny(), *few, epochs=3, out=tmp_path, **OPTIONS).name == "model"


def test_a_run_whose_images_are_not_moved_does_not_go_on_with_one_whose_images_were(few, tmp_path):
    killed_in_epoch(2, few, tmp_path, epochs=2)
    assert fit(tiny(), *few, epochs=2, out=tmp_path, moved_by=0, **OPTIONS).name == "model (2)"


@pytest.mark.parametrize("change", ["network", "images"])
def test_a_checkpoint_is_of_its_network_and_its_images_alone(few, tmp_path, change):
    killed_in_epoch(2, few, tmp_path, epochs=2)
    model, train = tiny(), few[0]
    if change == "network":  # as many parameters, of other shapes
        model[0], model[1] = nn.Conv2d(3, 8, 3, stride=4, padding=1), nn.BatchNorm2d(8, affine=False)
        model.append(nn.BatchNorm1d(10, affine=False))
    else:
        train = data.Images(255 - train.images, train.labels)
    assert fit(model, train, few[1], epochs=2, out=tmp_path, **OPTIONS).name == "model (2)"


@pytest.mark.parametrize("other", [None, {"weights": torch.ones(2)}, [1, 2], torch.ones(2), {"run": {}}], ids=type)
def test_any_other_file_is_named_and_not_taken_for_a_checkpoint(few, tmp_path, capsys, other):
    killed_in_epoch(2, few, tmp_path, epochs=2)
    checkpoint = tmp_path / "runs" / "model" / "checkpoint.pt"
    checkpoint.write_bytes(b"no checkpoint") if other is None else torch.save(other, checkpoint)
    record = fit(tiny(), *few, epochs=2, out=tmp_path, **OPTIONS)
    said = "cannot be read" if other is None else "is no checkpoint of a training run"
    assert f"{checkpoint} {said}" in capsys.readouterr().out
    assert (record.name, record.epochs) == ("model (2)", 2)


def test_a_loss_that_is_no_number_stops_with_a_sentence(few, tmp_path):
    with pytest.raises(TrainingStopped, match=r"epoch 1.*try learning_rate=2.5e\+20 instead of 1e\+21"):
        fit(tiny(), *few, epochs=2, out=tmp_path, **OPTIONS | {"learning_rate": 1e21})
    assert not (tmp_path / "best.safetensors").exists()


def test_a_budget_of_seconds_ends_a_run_early(few, tmp_path):
    record = fit(tiny(), *few, epochs=100_000, seconds=0.8, out=tmp_path, **OPTIONS)
    assert 1 <= record.epochs < 100_000


def test_a_budget_that_is_too_small_for_anything_still_gives_a_network_and_its_record(few, tmp_path):
    record = fit(tiny(), *few, seconds=1e-9, out=tmp_path, **OPTIONS)
    assert record.epochs == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.json", "best.safetensors", "runs"]


class SlowToBegin(nn.Sequential):
    """A network whose second epoch begins so late that the time is up before its first step."""

    def __init__(self, seconds):
        super().__init__(*tiny())
        self.seconds, self.begun, self.epochs = seconds, None, 0

    def train(self, mode=True):
        if mode and self.training:  # an epoch begins; after a test, it is not in training
            self.epochs += 1
            while self.epochs == 2 and time.monotonic() < self.begun + self.seconds:
                time.sleep(0.01)
        return super().train(mode)

    def forward(self, images):
        if self.training:
            self.begun = self.begun or time.monotonic()
        return super().forward(images)


def test_a_run_whose_time_is_up_between_two_epochs_ends_with_the_first(few, tmp_path):
    model = SlowToBegin(seconds=2)
    record = fit(model, *few, seconds=2, out=tmp_path, **OPTIONS)
    assert (record.epochs, model.epochs) == (1, 2)
    assert (tmp_path / "best.safetensors").is_file()


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"seconds": 0}, {"device": "cuda:99"}])
def test_a_budget_or_device_that_is_none_is_refused_in_a_line(few, tmp_path, wrong):
    with pytest.raises(ValueError) as caught:
        fit(tiny(), *few, out=tmp_path, **OPTIONS | wrong)
    assert "\n" not in str(caught.value)


def test_the_learning_rate_goes_up_and_comes_down_to_nothing():
    rates = [learning_rate(step / 100, peak=2.0, warmup=0.2) for step in range(101)]
    assert rates[0] == 0 and max(rates) == rates[20] == 2.0 and rates[100] == pytest.approx(0, abs=1e-12)
    assert rates[:21] == sorted(rates[:21]) and rates[20:] == sorted(rates[20:], reverse=True)
    assert learning_rate(0.5, peak=1.0, warmup=0.0) == pytest.approx(0.5)


def test_progress_is_by_steps_or_time_whichever_is_further_on():
    assert progress_of(5, 10, elapsed=1, seconds=None) == 0.5
    assert progress_of(5, 10, elapsed=9, seconds=10) == 0.9
    assert progress_of(5, 10, elapsed=99, seconds=10) == 1.0


def test_measuring_the_precision_changes_neither_model_nor_random_numbers(few):
    model = tiny()
    before, state = {k: v.clone() for k, v in model.state_dict().items()}, torch.get_rng_state()
    precision = pick_precision(model, data.normalise(few[0].images[:20]), few[0].labels[:20])
    assert precision in {"float32", "bfloat16"}
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    ("steps", "precision"),
    [
        ({"float32": (0.010, 0.011)}, "float32"),  # a GPU that waits for Python
        ({"float32": (0.010, 0.030), "bfloat16": (0.012, 0.020)}, "bfloat16"),
        ({"float32": (0.010, 0.030), "bfloat16": (0.012, 0.028)}, "float32"),
        ({"float32": (0.0, 0.030), "bfloat16": (0.0, 0.010)}, "bfloat16"),  # a CPU with arithmetic of its own
    ],
)
def test_bfloat16_is_tried_only_where_it_can_gain_and_picked_where_it_does(few, monkeypatch, steps, precision):
    left = dict(steps)
    monkeypatch.setattr(device, "_seconds_of_a_step", lambda model, images, labels, which: left.pop(which))
    assert pick_precision(tiny(), data.normalise(few[0].images[:2]), few[0].labels[:2]) == precision
    assert not left


def test_a_device_is_picked_where_none_is_named():
    assert pick_device().type in {"cpu", "cuda", "mps"}
    assert pick_device("cpu") == torch.device("cpu")


def test_accuracy_is_in_percent_and_leaves_the_mode_as_it_was(few):
    class Constant(nn.Linear):
        def forward(self, images):
            assert not self.training
            return torch.eye(10)[3].expand(len(images), 10)

    model = Constant(1, 1).train()
    assert accuracy(model, few[1], batch_size=7) == 10.0
    assert model.training


def test_the_curve_has_both_lines_and_an_alt_text(few, tmp_path):
    record = fit(tiny(), *few, epochs=2, out=tmp_path, **OPTIONS)
    figure = draw(list(record.history), "tiny")
    assert [line.get_label() for line in figure.axes[0].lines] == ["training images", "test images"]
    assert "after 2" in figure.alt_text


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_epoch_ticks_are_whole_numbers(count):
    epochs = [Epoch(number, 1.0, 50.0, 40.0, 0.1, 1.0) for number in range(1, count + 1)]
    axis = draw(epochs).axes[0]
    shown = [tick for tick in axis.get_xticks() if axis.get_xlim()[0] <= tick <= axis.get_xlim()[1]]
    assert shown and all(tick == int(tick) and 1 <= tick <= count for tick in shown)
