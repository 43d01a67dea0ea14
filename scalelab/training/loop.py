"""The training loop, and the accuracy of a network."""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm.auto import tqdm

from scalelab import counting, data
from scalelab.training import weights
from scalelab.training.checkpoint import Checkpoint
from scalelab.training.curve import LiveCurve
from scalelab.training.device import autocast, pick_device, pick_precision
from scalelab.training.record import RECORD, Epoch, Recipe, Record
from scalelab.training.schedule import learning_rate as rate_at
from scalelab.training.schedule import progress_of

LOOK_EVERY = 20
"""Steps between two looks at the loss: each look makes a GPU wait."""


TESTED_AT_ONCE = 500
"""Test images in a batch."""


class TrainingStopped(Exception):
    """Training makes no sense any more. Its text says why, and what to change."""


def fit(
    model: nn.Module,
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
    out: str | Path = ".",
    name: str = "model",
    show: bool = True,
    after_epoch: Callable[[Epoch], None] | None = None,
) -> Record:
    """Train `model` on `train` and test it on `test` after each epoch; at the end it has its best weights.

    Writes those to out/best.safetensors and the record to out/best.json, and while it runs out/checkpoint.pt:
    a run that was stopped goes on from its last whole epoch when the same call is made again.

    model: [N, 3, H, W] → logits [N, classes]. epochs: at most so many passes; seconds: at most so long, and the
    learning rate comes down in time; the first step is always taken. learning_rate: its peak, for SGD with Nesterov
    momentum. weight_decay: of the weights of convolutions and linear layers. warmup: the share of the run in which the
    rate goes up.
    average: keep a running average of the weights, of which each step leaves so much (0: none); it is what is
    tested and kept. device, precision ("float32" or "bfloat16"): picked where not given. show: the bar, the curve.
    after_epoch: called with each epoch before it is saved; where a run is killed in between, the epoch comes again.

    Raises TrainingStopped where the loss is no number any more, ValueError where a budget or device is none.
    """
    if epochs < 1 or (seconds is not None and seconds <= 0):
        raise ValueError(f"epochs={epochs}, seconds={seconds}: a budget is at least one epoch, and more than 0 seconds")
    recipe = Recipe(epochs, seconds, batch_size, learning_rate, momentum, weight_decay, label_smoothing, warmup,
                    average, seed)  # fmt: skip
    run = _Run(model, train, test, recipe, pick_device(device), precision, Path(out), name, after_epoch)
    curve = LiveCurve(name)
    with tqdm(total=run.steps, initial=run.step, desc=name, unit="step", disable=not show) as bar:
        while run.has_time and run.train_epoch(bar):
            run.test_epoch()
            bar.set_postfix(run.figures())
            if show:
                curve.show(run.history)
    return run.finish()


def accuracy(model: nn.Module, images: data.Images, batch_size: int = TESTED_AT_ONCE) -> float:
    """Percent of `images` that `model` names rightly. The model is left in the mode that it was in."""
    return _percent_right(model, data.loader(images, batch_size, device=next(model.parameters()).device))


@torch.inference_mode()
def _percent_right(model: nn.Module, batches: data.Loader) -> float:
    """Percent of the images in `batches` that `model` names rightly."""
    training = model.training
    model.eval()
    right, seen = 0, 0
    for images, labels in batches:
        right += (model(images).argmax(1) == labels).sum()
        seen += len(labels)
    model.train(training)
    return 100 * float(right) / seen


class _Run:
    """One run of `fit`: what it has, how far it is, and what it leaves behind."""

    def __init__(
        self,
        model: nn.Module,
        train: data.Images,
        test: data.Images,
        recipe: Recipe,
        device: torch.device,
        precision: str | None,
        folder: Path,
        name: str,
        after_epoch: Callable[[Epoch], None] | None,
    ):
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.folder, self.name = recipe, device, folder, name
        self.after_epoch = after_epoch
        self.train = train
        self.model = model.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches = data.loader(train, recipe.batch_size, train=True, device=device, seed=recipe.seed)
        self.test_batches = data.loader(test, TESTED_AT_ONCE, device=device)
        self.parameters = counting.parameters(model)
        self.macs = counting.macs(model, (1, *train.images.shape[1:]))
        self.optimizer = torch.optim.SGD(
            _groups(model, recipe.weight_decay), lr=0.0, momentum=recipe.momentum, nesterov=True
        )
        # What is tested and kept: a running average of the weights, or else the model itself.
        keep = get_ema_multi_avg_fn(recipe.average)
        self.averaged = AveragedModel(model, multi_avg_fn=keep, use_buffers=True) if recipe.average else None
        self.tested = model if self.averaged is None else self.averaged.module
        self.history: list[Epoch] = []
        folder.mkdir(parents=True, exist_ok=True)
        described = {"name": name, "images": len(train), "parameters": self.parameters}
        self.checkpoint = Checkpoint(folder, described | {"precision": precision} | asdict(recipe))
        self.precision = self._resume() or precision or pick_precision(model, *next(iter(self.batches)))
        self.steps = recipe.epochs * len(self.batches)
        self.step = len(self.history) * len(self.batches)
        self.started = time.monotonic() - (self.history[-1].seconds if self.history else 0.0)

    @property
    def seconds(self) -> float:
        """Since training began, what was done before a stop included."""
        return time.monotonic() - self.started

    @property
    def progress(self) -> float:
        """The share of the budget that is used up."""
        return progress_of(self.step, self.steps, self.seconds, self.recipe.seconds)

    @property
    def has_time(self) -> bool:
        """Whether there is anything left to do. The first step is always taken, however small the budget is."""
        return self.step == 0 or self.progress < 1.0

    def train_epoch(self, bar: tqdm) -> bool:
        """One pass over the training images, or as much of it as there is time for.

        Returns:
            Whether a step was taken: the time may be up between two epochs.
        """
        self.model.train()
        self.batches.epoch = len(self.history)
        self.seen = 0
        self.loss = torch.zeros((), device=self.device)
        self.right = torch.zeros((), dtype=torch.long, device=self.device)
        for images, labels in self.batches:  # [n, 3, H, W], [n]
            if not self.has_time:
                break
            logits, loss = self.train_step(images, labels)
            self.step += 1
            self.seen += len(labels)
            self.loss += loss * len(labels)
            self.right += (logits.argmax(1) == labels).sum()
            bar.update()
            if self.step % LOOK_EVERY == 0:
                self._refuse_nan()
                bar.set_postfix(self.figures())
        self._refuse_nan()
        return self.seen > 0

    def train_step(self, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """One step on a batch. Returns the logits [n, classes] and the loss, as they were before it."""
        rate = rate_at(self.progress, self.recipe.learning_rate, self.recipe.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with autocast(self.device, self.precision):
            logits = self.model(images)
            loss = F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        if self.averaged is not None:
            self.averaged.update_parameters(self.model)
        return logits.detach(), loss.detach()

    def test_epoch(self) -> None:
        """Test what the epoch came to, and write everything down."""
        before = max((epoch.accuracy for epoch in self.history), default=-1.0)
        epoch = Epoch(
            epoch=len(self.history) + 1,
            loss=float(self.loss) / self.seen,
            train_accuracy=100 * float(self.right) / self.seen,
            accuracy=_percent_right(self.tested, self.test_batches),
            learning_rate=self.optimizer.param_groups[0]["lr"],
            seconds=self.seconds,
        )
        self.history.append(epoch)
        if self.after_epoch is not None:
            self.after_epoch(epoch)
        if epoch.accuracy > before:
            weights.write(self.tested, self.folder)
        self.checkpoint.save(
            {
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "averaged": self.averaged.state_dict() if self.averaged is not None else None,
                "precision": self.precision,
                "history": [asdict(epoch) for epoch in self.history],
            }
        )
        self.record().write(self.folder / RECORD)

    def finish(self) -> Record:
        """Put the best weights into the model, and clean up."""
        weights.read(self.model, self.folder)
        self.checkpoint.remove()
        return self.record()

    def record(self) -> Record:
        """What the run has come to so far."""
        return Record(
            name=self.name,
            trained_on={50_000: "full", 3_000: "sample"}.get(len(self.train), f"{len(self.train)} images"),
            accuracy=max(epoch.accuracy for epoch in self.history),
            epochs=len(self.history),
            seconds=self.history[-1].seconds,
            parameters=self.parameters,
            macs=self.macs,
            device=str(self.device),
            precision=self.precision,
            seed=self.recipe.seed,
            recipe=self.recipe,
            history=tuple(self.history),
        )

    def figures(self) -> dict[str, str]:
        """What the bar says beside its length."""
        train = {"loss": f"{float(self.loss) / self.seen:.3f}", "train": f"{100 * float(self.right) / self.seen:.1f}%"}
        return train | ({"test": f"{self.history[-1].accuracy:.1f}%"} if self.history else {})

    def _resume(self) -> str | None:
        """Go on from the checkpoint, where there is one of this very run. Returns its precision, or None."""
        state = self.checkpoint.load()
        if state is None:
            return None
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.averaged is not None:
            self.averaged.load_state_dict(state["averaged"])
        self.history = [Epoch(**epoch) for epoch in state["history"]]
        print(f"{self.name}: going on after epoch {len(self.history)}")
        return state["precision"]

    def _refuse_nan(self) -> None:
        if not torch.isfinite(torch.as_tensor(self.loss)):
            rate = self.recipe.learning_rate
            raise TrainingStopped(
                f"the loss is no number any more (epoch {len(self.history) + 1}): steps that are too large do this; "
                f"try learning_rate={rate / 4:g} instead of {rate:g}"
            )


def _groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Weights of convolutions and linear layers decay; biases and BatchNorm's parameters do not."""
    decay = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim <= 1]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
