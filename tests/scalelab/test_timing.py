"""Measured times are of the fastest run, after a warm-up and within a budget."""

import time

import torch
from torch import nn

from scalelab.timing import Timing, measure, seconds_per_image


class Sleeps(nn.Module):
    """Takes a known time; the first call takes longer."""

    def __init__(self, first: float, later: float):
        super().__init__()
        self.pauses = [first]
        self.later = later
        self.calls = []

    def forward(self, images):
        self.calls.append((tuple(images.shape), self.training, torch.is_inference_mode_enabled()))
        time.sleep(self.pauses.pop() if self.pauses else self.later)
        return images


def test_the_first_runs_do_not_count():
    timing = measure(Sleeps(0.2, 0.01), (3, 8, 8), device="cpu")
    assert len(timing.runs) == 9
    assert 0.01 <= timing.seconds < 0.1


def test_the_model_sees_images_in_evaluation_mode():
    model = Sleeps(0, 0)
    seconds_per_image(model, (3, 8, 9), batch_size=4, repeats=2, device="cpu")
    assert set(model.calls) == {((4, 3, 8, 9), False, True)}
    assert len(model.calls) == 4


def test_a_slow_network_has_fewer_runs():
    model = Sleeps(0.1, 0.1)
    assert len(measure(model, (3, 8, 8), budget=0.15, device="cpu").runs) == 2
    assert len(model.calls) == 3


def test_the_fastest_run_counts_by_image_and_unsteady_runs_are_told():
    steady, unsteady = Timing((0.4, 0.5, 0.44), 4), Timing((0.1, 0.5, 0.2), 1)
    assert (steady.seconds, str(steady)) == (0.1, "100.0 ms")
    assert not unsteady.steady
    assert str(unsteady) == "100.0 ms, but up to 500.0 ms in other runs"
