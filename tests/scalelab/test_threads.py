"""The number of threads is measured, and never more than the machine lets us have."""

import os
import re
import time

import pytest
import torch
import tqdm.std

from scalelab.training import fit, threads
from scalelab.training.bar import Bar, seconds_left
from tests.scalelab.training_set import OPTIONS, TEST, TRAIN, tiny


@pytest.fixture
def machine(monkeypatch):
    """A clock that only `step` moves: how long a step takes is told by the number of threads."""
    passed = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: passed[0])

    def step_of(seconds):
        def step():
            passed[0] += seconds[torch.get_num_threads()]

        return step

    before = torch.get_num_threads()
    yield step_of
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(
    ("seconds", "count"),
    [
        ({1: 0.1, 2: 0.9}, 1),  # a busy machine
        ({1: 0.1, 2: 0.06}, 2),
        ({1: 0.1, 2: 0.099}, 1),  # not worth a second thread
        ({1: 0.0, 2: 0.0}, 2),
        ({1: 0.4, 2: 0.2, 4: 0.1, 8: 0.3}, 4),
        ({1: 10.0, 2: 5.0}, 2),
        ({1: 3.0}, 1),
    ],
)
def test_the_fastest_number_of_threads_is_taken(machine, seconds, count):
    assert threads.fastest(machine(seconds), max(seconds)) == count


def test_a_slow_step_is_tried_once_with_each_number(machine):
    calls = []
    step = machine({1: 10.0, 2: 10.0})
    threads.fastest(lambda: (calls.append(torch.get_num_threads()), step()), 2)
    assert calls == [2, 2, 1]


@pytest.mark.parametrize(
    ("files", "own", "quota"),
    [
        ({"cpu.max": "100000 100000"}, "0::/\n", 1),
        ({"cpu.max": "150000 100000"}, "0::/\n", 2),
        ({"cpu.max": "10000 100000"}, "0::/\n", 1),
        ({"cpu.max": "max 100000"}, "0::/\n", None),
        ({"hub/cpu.max": "100000 100000", "hub/ada/cpu.max": "max 100000"}, "0::/hub/ada\n", 1),
        ({"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"}, "4:cpu:/\n", 1),
        ({"cpu,x/a/cpu.cfs_quota_us": "100000", "cpu,x/a/cpu.cfs_period_us": "100000"}, "4:cpu,x:/a\n", 1),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, "4:cpu:/\n", None),
        ({"cpu.max": "nonsense"}, "nonsense", None),
        ({}, None, None),
    ],
)  # fmt: skip
def test_a_quota_of_processors_is_respected(tmp_path, files, own, quota, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    told = tmp_path / "own"
    if own is not None:
        told.write_text(own)
    assert threads.allowed(tmp_path, told) == (quota or 8)


def test_what_was_measured_is_used_and_said_and_undone(tmp_path, monkeypatch, capsys):
    seen = set()
    monkeypatch.setattr(threads, "most", lambda: 2)
    monkeypatch.setattr(threads, "usual", lambda at_most, trusted: at_most)
    monkeypatch.setattr(threads, "fastest", lambda step, at_most: 1)
    before = torch.get_num_threads()
    record = fit(tiny(), TRAIN, TEST, epochs=1, out=tmp_path,
                 after_epoch=lambda _: seen.add(torch.get_num_threads()), **OPTIONS)  # fmt: skip
    assert (seen, record.threads, torch.get_num_threads()) == ({1}, 1, before)
    assert "model: on the CPU with 1 thread of 2, as more are slower now, float32" in capsys.readouterr().out


def test_on_a_busy_machine_no_slow_step_is_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(threads, "most", lambda: 2)
    monkeypatch.setattr(threads, "usual", lambda at_most, trusted: 1)
    monkeypatch.setattr(threads, "fastest", lambda *_: pytest.fail("a step was measured"))
    assert fit(tiny(), TRAIN, TEST, epochs=1, out=tmp_path, **OPTIONS).threads == 1


def test_what_was_measured_of_the_machine_is_good_for_a_while(monkeypatch):
    answers = [1, 2]
    monkeypatch.setattr(threads, "_measured", {})
    monkeypatch.setattr(threads, "fastest", lambda step, at_most, budget: answers.pop(0))
    assert [threads.usual(2), threads.usual(2), threads.usual(2, trusted=0.0)] == [1, 1, 2]


def test_the_threads_are_picked_anew_when_the_machine_gets_busy(tmp_path, monkeypatch, capsys):
    choices, seen = [2, 1], []
    model = tiny()

    def slow(*_):
        if model.training and len(seen) >= 2 and torch.get_num_threads() == 2:
            time.sleep(0.3)  # more than what a busy machine makes of a step before

    monkeypatch.setattr(threads, "most", lambda: 2)
    monkeypatch.setattr(threads, "usual", lambda at_most, trusted: choices.pop(0) if choices else 1)
    monkeypatch.setattr(threads, "fastest", lambda step, at_most: at_most)
    model.register_forward_hook(slow)
    fit(
        model,
        TRAIN,
        TEST,
        epochs=5,
        out=tmp_path,
        after_epoch=lambda _: seen.append(torch.get_num_threads()),
        **OPTIONS,
    )
    assert seen[0] == 2 and seen[-1] == 1
    assert "model: goes on with 1 thread of 2" in capsys.readouterr().out


def test_the_time_left_is_the_rest_at_this_pace():
    assert seconds_left(0.25, 0.0, 10.0) == 30.0
    assert seconds_left(0.75, 0.5, 10.0) == 10.0  # half was done before it was stopped
    assert seconds_left(0.5, 0.5, 10.0) is None


@pytest.fixture
def on_a_terminal(monkeypatch):
    """tqdm picks a bar for terminals or for notebooks once in a process, by what was imported before."""
    monkeypatch.setattr("scalelab.training.bar.tqdm", tqdm.std.tqdm)


@pytest.mark.usefixtures("on_a_terminal")
def test_a_budget_of_seconds_shows_what_is_left_of_it(tmp_path, capsys):
    fit(tiny(), TRAIN, TEST, epochs=100_000, seconds=1.2, out=tmp_path, **OPTIONS)
    left = re.findall(r"left (\d+:\d+(?::\d+)?)", capsys.readouterr().err)
    assert left and set(left) <= {"0:01", "0:00"}


@pytest.mark.usefixtures("on_a_terminal")
def test_the_bar_says_hours_and_minutes(capsys):
    bar = Bar("long", 0.25, show=True)
    bar.show(0.5, 3725, {"epoch": "3"})
    bar.close()
    shown = capsys.readouterr().err.split("\r")[-1].strip()
    assert shown.startswith("long:  50%|") and shown.endswith("| epoch 3, left 1:02:05")
