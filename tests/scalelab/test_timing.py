"""Measured times are of the fastest run, after a warm-up and within a budget."""

import time

import pytest
import torch
from torch import nn

from scalelab.timing import Timing, measure, seconds_per_image


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The seconds that have passed, by the networks of this file alone: machines that tests run on have other work."""
    passed = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: passed[0])
    monkeypatch.setattr(Takes, "clock", passed, raising=False)


class Takes(nn.Module):
    """Takes a known time; the first call takes longer."""

    clock: list[float]

    def __init__(self, first: float, later: float):
        super().__init__()
        self.pauses = [first]
        self.later = later
        self.calls = []

    def forward(self, images):
        self.calls.append((tuple(images.shape), self.training, torch.is_inference_mode_enabled()))
        self.clock[0] += self.pauses.pop() if self.pauses else self.later
        return images


def test_the_first_runs_do_not_count():
    timing = measure(Takes(0.2, 0.01), (3, 8, 8), device="cpu")
    assert len(timing.runs) == 9
    assert timing.seconds == pytest.approx(0.01)


def test_the_model_sees_images_in_evaluation_mode():
    model = Takes(0, 0)
    seconds_per_image(model, (3, 8, 9), batch_size=4, repeats=2, device="cpu")
    assert set(model.calls) == {((4, 3, 8, 9), False, True)}
    assert len(model.calls) == 4


def test_a_slow_network_has_fewer_runs():
    model = Takes(0.1, 0.1)
    assert len(measure(model, (3, 8, 8), budget=0.15, device="cpu").runs) == 2
    assert len(model.calls) == 3


@pytest.mark.parametrize("slow", [1.0, 30.0])
def test_even_the_slowest_network_has_two_runs_to_compare(slow):
    timing = measure(Takes(slow, slow), (3, 8, 8), device="cpu")
    assert len(timing.runs) == 2 and timing.steady
    assert not measure(Takes(slow, slow / 4), (3, 8, 8), warm_up=0, repeats=1, device="cpu").steady


def test_a_single_run_is_never_steady():
    timing = measure(Takes(1.0, 0.1), (3, 8, 8), repeats=1, device="cpu")
    assert (len(timing.runs), timing.steady, str(timing)) == (1, False, "100.0 ms, in a single run")
    with pytest.raises(ValueError, match="repeats=0"):
        measure(Takes(1.0, 0.1), (3, 8, 8), repeats=0, device="cpu")


def test_the_fastest_run_counts_by_image_and_unsteady_runs_are_told():
    steady, unsteady = Timing((0.4, 0.5, 0.44), 4), Timing((0.1, 0.5, 0.2), 1)
    assert (steady.seconds, str(steady)) == (0.1, "100.0 ms")
    assert not unsteady.steady
    assert str(unsteady) == "100.0 ms, but up to 500.0 ms in other runs"
