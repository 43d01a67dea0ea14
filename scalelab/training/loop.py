"""The call that trains a network, and the accuracy of a network."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import torch
from torch import nn

from scalelab import data
from scalelab.data.loading import MOVED_BY
from scalelab.plan import Plan
from scalelab.planned import PlannedEfficientNet
from scalelab.training import threads
from scalelab.training.curve import LiveCurve
from scalelab.training.device import pick_device
from scalelab.training.record import Epoch, Recipe, Record
from scalelab.training.run import TESTED_AT_ONCE, Run, percent_right
from scalelab.training.stopping import StopButton, Stopped


def fit(
    model: nn.Module | Plan,
    train: data.Images,
    test: data.Images,
    *,
    epochs: int = 20,
    seconds: float | None = None,
    batch_size: int = 128,
    learning_rate: float = 0.1,
    momentum: float = 0.9,
    weight_decay: float = 5e-4,
    label_smoothing: float = 0.1,
    warmup: float = 0.2,
    average: float = 0.0,
    seed: int = 0,
    device: str | None = None,
    precision: str | None = None,
    out: str | Path | None = ".",
    name: str = "model",
    show: bool = True,
    after_epoch: Callable[[Epoch], None] | None = None,
    moved_by: int = MOVED_BY,
) -> Record:
    """Train `model` on `train` and test it on `test` after each epoch; at the end it has its best weights.

    Each run has a folder of its own, out/runs/<name>, with the best epoch's weights (best.safetensors), the record
    (best.json) and, while it runs, checkpoint.pt: a run that was stopped goes on from its last whole epoch when the
    same call is made again. A name that is taken gets a number, so no run ever writes over another one.
    out/best.safetensors and out/best.json are what is handed in: copies of one run's files. A run takes another one's
    place there only if it did better on the very same test images; `keep` hands in any other. Printed at the end.
    A plan's run goes to out/best_efficientnet.safetensors and out/best_efficientnet.json in the same way, and a plan
    above a limit goes nowhere.

    Args:
        model: [N, 3, H, W] → logits [N, classes]; or the plan of an EfficientNet, which is built, untrained.
        train: the images to train on.
        test: the images to test on.
        epochs: at most so many passes.
        seconds: at most so long; the learning rate comes down in time. The first step is always taken.
        batch_size: images a step.
        learning_rate: its peak, for SGD with Nesterov momentum.
        momentum: of SGD.
        weight_decay: of the weights of convolutions and linear layers.
        label_smoothing: the share of the label that is spread over all classes.
        warmup: the share of the run in which the learning rate goes up.
        average: keep a running average of the weights, of which each step leaves so much (0: none); it is what is
            tested and kept.
        seed: of the order of the images and of their augmentation.
        device: picked where not given; so is `precision`.
        precision: "float32" or "bfloat16".
        out: where the files go; None for a run that leaves none.
        name: the run's.
        show: the bar, the curve, and what is handed in.
        after_epoch: called with each epoch before it is saved; where a run is killed in between, the epoch comes again.
        moved_by: pixels that a training image is moved by at most, each way.

    Raises:
        TrainingStopped: where the loss is no number any more.
        Stopped: when it is interrupted.
        ValueError: where a budget or device is none.
    """
    if epochs < 1 or (seconds is not None and seconds <= 0):
        raise ValueError(f"epochs={epochs}, seconds={seconds}: a budget is at least one epoch, and more than 0 seconds")
    recipe = Recipe(epochs, seconds, batch_size, learning_rate, momentum, weight_decay, label_smoothing, warmup,
                    average, seed)  # fmt: skip
    plan = model if isinstance(model, Plan) else None
    if isinstance(model, Plan):
        torch.manual_seed(seed)
        model = PlannedEfficientNet(model)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()) if out is None else out)
        button = stack.enter_context(StopButton())
        stack.enter_context(threads.using(threads.most()))
        run = None
        try:
            run = Run(
                model,
                train,
                test,
                recipe,
                pick_device(device),
                precision,
                folder,
                name,
                after_epoch,
                button,
                show,
                plan,
                moved_by,
            )
            curve = LiveCurve(run.name)
            while run.has_time and run.train_epoch():
                run.test_epoch()
                if show:
                    curve.show(run.history)
        except KeyboardInterrupt:
            if run is None:
                raise Stopped(f"{name}: stopped before it began; run the cell again to begin") from None
            if out is not None:
                run.tell()
            raise Stopped(run.how_to_go_on(kept=out is not None)) from None
        finally:
            if run is not None:
                run.bar.close()
        record = run.finish()
        if out is not None:
            run.tell()
        return record


def accuracy(model: nn.Module, images: data.Images, batch_size: int = TESTED_AT_ONCE) -> float:
    """Percent of the images that a model names rightly.

    Args:
        model: is left in the mode that it was in.
        images: as they are stored; they are normalised here.
        batch_size: images of a batch; it changes no result.
    """
    return percent_right(model, data.loader(images, batch_size, device=next(model.parameters()).device))
