"""The scaling curves: the table says what its logs say and what can be counted, and a killed run ends as any other."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch

from scalelab import data, one_more, training
from scalelab.small import Shape, macs, small_efficientnet
from tests.command import run as run_python

pytestmark = pytest.mark.tool

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "data"))

import make_scaling  # noqa: E402
import time_scaling  # noqa: E402
import training_runs  # noqa: E402
from make_scaling import FACTORS, PLACES, SCALING, Row, Run, all_runs  # noqa: E402
from training_runs import CpuClock, Places, add_row, read_rows  # noqa: E402

ROWS = list(read_rows(PLACES.table, Row).values())


trained = pytest.mark.skipif(not ROWS, reason="no network has been trained yet: make scaling")


def row_of(run: Run, **changed) -> Row:
    """A made-up row."""
    row = Row(
        config=run.config, factor=run.factor, seed=run.seed, resolution=16, interpolated=False, depth=1.0, width=1.0,
        parameters=1, macs=2, activations=3, accuracy=50.0, epochs=10, cpu_seconds=1.0, seconds=2.0,
        images_per_second=3.0, device="cpu, 1 thread", precision="float32", commit="abc",
    )  # fmt: skip
    return replace(row, **changed)


# ---- the table in the repository


@trained
def test_the_table_has_its_columns_and_a_row_for_each_configuration_and_seed():
    header = PLACES.table.read_text().splitlines()[0]
    assert header == ",".join(field.name for field in fields(Row))
    assert len(PLACES.table.read_text().splitlines()) == 1 + len(ROWS)  # no run twice
    assert {Run("base", 1, 0)} <= {row.run for row in ROWS} <= set(all_runs((2, 4, 8), tuple(range(5))))


# ---- how runs are made


def test_one_more_network_is_trained_as_all_the_others_were(few, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(data, "cifar10", lambda: few)
    places = Places("scaling_sample", tmp_path / "results", tmp_path / "runs")
    row = make_scaling.train(Run("width", 2, 1), few, 2, places, "abc")
    own = one_more.train(row.run.shape, seed=1, passes=2)
    assert {name: getattr(row, name) for name in ("seed", "resolution", "interpolated", "macs", "epochs")} == {
        name: own[name] for name in ("seed", "resolution", "interpolated", "macs", "epochs")
    }
    assert round(own["accuracy"], 2) == row.accuracy
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results", "runs"]  # nothing of its own is left


@pytest.fixture(scope="module")
def few() -> data.Cifar10:
    """256 and 100 images of the sample."""
    sample = data.cifar10(ROOT / "data")
    train, test = (
        data.Images(part.images[:n], part.labels[:n]) for part, n in ((sample.train, 256), (sample.test, 100))
    )
    return data.Cifar10(train, test, "sample")


SCRIPT = f"""
import sys
sys.path.insert(0, {str(ROOT / "data")!r})
import torch
from make_scaling import SCALING, Run
from training_runs import Places
from pathlib import Path
from scalelab import data
torch.set_num_threads(1)
sample = data.cifar10({str(ROOT / "data")!r})
few = [data.Images(part.images[:n], part.labels[:n]) for part, n in ((sample.train, 128), (sample.test, 50))]
here = Path(sys.argv[1])
SCALING.work([Run("base", 1, 0)], data.Cifar10(*few, "sample"), 4, Places("scaling", here / "results", here / "runs"))
"""


def test_a_killed_run_has_no_row_and_ends_with_the_numbers_of_one_that_was_not(tmp_path):
    run_python("python that trains", SCRIPT, tmp_path / "whole").check_returncode()
    killed = subprocess.Popen([sys.executable, "-c", SCRIPT, tmp_path / "killed"])
    places = Places("scaling", tmp_path / "killed" / "results", tmp_path / "killed" / "runs")
    run = Run("base", 1, 0)
    checkpoint = places.runs / run.name / "runs" / run.name / "checkpoint.pt"
    deadline = time.monotonic() + 240
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert checkpoint.exists() and not places.table.exists() and not places.log(run).exists()
    resuming = run_python("python that trains", SCRIPT, tmp_path / "killed")
    assert resuming.returncode == 0 and "going on after epoch" in resuming.stdout
    logs = [
        json.loads(Places("scaling", tmp_path / which / "results").log(run).read_text())
        for which in ("whole", "killed")
    ]
    whole, resumed = ([(epoch["loss"], epoch["accuracy"]) for epoch in log["epochs"]] for log in logs)
    assert len(whole) == 4 and whole == resumed
    rows = [read_rows(Places("scaling", tmp_path / which / "results").table, Row)[run] for which in ("whole", "killed")]
    assert rows[0].accuracy == rows[1].accuracy == round(whole[-1][1], 2)


def test_what_has_a_row_or_is_being_trained_is_left_alone(tmp_path, few, capsys):
    places = Places("scaling", tmp_path / "results", tmp_path / "runs")
    first, second, third = all_runs(FACTORS, (0,))[:3]
    add_row(places, row_of(first, epochs=1), make_scaling.place)
    with training_runs.hold(places.runs / second.name / "lock"):
        SCALING.work([first, second, third], few, 1, places)
    assert set(read_rows(places.table, Row)) == {first, third}
    assert first.name not in capsys.readouterr().out


def test_a_row_of_another_budget_is_trained_again(tmp_path, few):
    places, run = Places("scaling", tmp_path / "results", tmp_path / "runs"), Run("base", 1, 0)
    add_row(places, row_of(run, epochs=7), make_scaling.place)
    SCALING.work([run], few, 1, places)
    assert read_rows(places.table, Row)[run].epochs == 1
    assert sorted(path.name for path in places.results.iterdir()) == ["scaling.csv", "scaling_logs"]


def test_rows_come_back_as_they_were_written_and_in_one_order(tmp_path):
    places = Places("scaling", tmp_path, tmp_path / "runs")
    rows = [row_of(run, interpolated=run.factor == 4) for run in all_runs(FACTORS, (0, 1))]
    for row in reversed(rows):
        add_row(places, row, make_scaling.place)
    assert list(read_rows(places.table, Row).values()) == rows
    add_row(places, replace(rows[3], accuracy=60.0), make_scaling.place)
    assert [row.accuracy for row in read_rows(places.table, Row).values()].count(60.0) == 1


def test_every_network_comes_with_the_first_seed_before_any_comes_with_the_second():
    runs = all_runs(FACTORS, (0, 1))
    assert len(runs) == 18 and [run.seed for run in runs] == [0] * 9 + [1] * 9
    assert runs[0] == Run("base", 1, 0) and len(set(runs)) == 18


def test_processor_time_goes_on_in_another_process_and_an_epoch_that_comes_again_counts_once(tmp_path, monkeypatch):
    def epoch(number: int) -> training.Epoch:
        return training.Epoch(number, 1.0, 50.0, 50.0, 0.1, 1.0)

    clocks = iter([100.0, 103.0, 107.0, 5.0, 9.0, 10.0])
    monkeypatch.setattr(training_runs.time, "process_time", lambda: next(clocks))
    first = CpuClock(tmp_path / "cpu.json")
    first.note(epoch(1))  # 3 s
    first.note(epoch(2))  # 4 s, and is killed before the checkpoint
    second = CpuClock(tmp_path / "cpu.json")
    second.note(epoch(2))  # 4 s again
    second.note(epoch(3))  # 1 s
    assert second.seconds == {1: 3.0, 2: 7.0, 3: 8.0}


def test_the_commit_says_whether_code_was_changed(monkeypatch):
    head = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    assert training_runs.commit().rstrip("+") == head.strip()


# ---- times


def test_times_are_ratios_of_the_fastest_rounds_within_one_run(monkeypatch):
    steps, passes = iter([2.0, 9.0, 3.0, 8.0]), iter([4.0, 6.0, 5.0, 7.0])  # base, larger, base, larger
    monkeypatch.setattr(time_scaling, "seconds_of_a_step", lambda *_: next(steps))
    monkeypatch.setattr(time_scaling, "seconds_of_a_pass", lambda *_: next(passes))
    runs = [Run("base", 1, 0), Run("resolution", 4, 0)]
    base, larger = time_scaling.measure(runs, rounds=2, device=torch.device("cpu"), batch_size=8)
    assert (base.step_ratio, base.forward_ratio, base.spread) == (1.0, 1.0, 1.5)
    assert (larger.step_seconds, larger.step_ratio, larger.forward_ratio) == (8.0, 4.0, 1.5)
    assert (base.macs, larger.macs) == (macs(Shape()), macs(Shape(resolution=32)))


def test_a_timed_step_is_one_that_trains():
    network = small_efficientnet()
    before = network.network.classifier[-1].weight.clone()
    assert time_scaling.seconds_of_a_step(network, torch.randn(4, 3, 32, 32), torch.tensor([0, 1, 2, 3])) > 0
    assert not torch.equal(before, network.network.classifier[-1].weight)
    assert time_scaling.seconds_of_a_pass(network, torch.randn(4, 3, 32, 32), images=8) > 0
    assert not network.training


def test_times_of_an_unsteady_machine_are_not_written(monkeypatch, tmp_path):
    waits = iter([0.01, 0.02] * 1000)
    monkeypatch.setattr(time_scaling, "seconds_of_a_step", lambda *_: next(waits))
    monkeypatch.setattr(time_scaling, "seconds_of_a_pass", lambda *_: 0.01)
    monkeypatch.setattr(
        sys, "argv", ["time_scaling.py", "--factors", "2", "--rounds", "2", "--table", str(tmp_path / "t.csv")]
    )
    with pytest.raises(SystemExit, match="other work"):
        time_scaling.main()
    assert os.listdir(tmp_path) == []
