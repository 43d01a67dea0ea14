"""One run of `fit`: a training step, an epoch, its test, and what is written down of it."""

import copy
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from scalelab import counting, data
from scalelab.data.loading import MOVED_BY
from scalelab.plan import Plan, above_limit
from scalelab.training import chosen, run_folders, threads, weights
from scalelab.training.bar import Bar, seconds_left
from scalelab.training.checkpoint import Checkpoint
from scalelab.training.device import autocast, pick_precision, training_step
from scalelab.training.record import RECORD, Epoch, Recipe, Record
from scalelab.training.schedule import learning_rate as rate_at
from scalelab.training.schedule import progress_of
from scalelab.training.stopping import StopButton

LOOK_EVERY = 20
"""Steps between two looks at the loss: each look makes a GPU wait."""

TESTED_AT_ONCE = 500
"""Test images in a batch."""

SLOWER = 1.5
"""Steps that take so many times as long as they did say that the machine has other things to do now."""


TRY_MORE = 60.0
"""Seconds after which more threads are tried once more, when fewer than there are have been faster."""


class TrainingStopped(Exception):
    """Training makes no sense any more. Its text says why, and what to change."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


class Run:
    """One run of `fit`: what it has, how far it is, and what it leaves behind."""

    def __init__(
        self,
        model: nn.Module,
        train: data.Images,
        test: data.Images,
        recipe: Recipe,
        device: torch.device,
        precision: str | None,
        out: Path,
        name: str,
        after_epoch: Callable[[Epoch], None] | None,
        button: StopButton,
        show: bool,
        plan: Plan | None = None,
        moved_by: int = MOVED_BY,
    ):
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.out = recipe, device, out
        self.after_epoch, self.button, self.show = after_epoch, button, show
        self.plan = plan
        self.train = train
        self.model = model.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches = data.loader(
            train, recipe.batch_size, train=True, device=device, seed=recipe.seed, moved_by=moved_by
        )
        self.test_batches = data.loader(test, TESTED_AT_ONCE, device=device)
        self.tested_on = _identified(test)
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
        self.took_the_place_of = ""
        self.precision = self._find_folder(name, precision) or precision or ""
        self.threads = self.most_threads = threads.most()
        self._pick_threads(trusted=threads.TRUSTED)
        self.precision = self.precision or pick_precision(model, *next(iter(self.batches)))
        taken = "" if self.name == name else f" ({name!r} is taken)"
        self._say(f"{self.name}: on {self._machine()}, {self.precision}{taken}")
        self.steps = recipe.epochs * len(self.batches)
        self.step = self.first_step = len(self.history) * len(self.batches)
        self.clock_started = time.monotonic()
        self.started = self.clock_started - (self.history[-1].seconds if self.history else 0.0)
        self.seen = 0
        self.bar = Bar(self.name, self.progress, show)

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

    def train_epoch(self) -> bool:
        """One pass over the training images, or as much of it as there is time for.

        Returns:
            Whether a step was taken: the time may be up between two epochs.
        """
        self.model.train()
        self.batches.epoch = len(self.history)
        self.seen = 0
        self.loss = torch.zeros((), device=self.device)
        self.right = torch.zeros((), dtype=torch.long, device=self.device)
        began, before = time.monotonic(), self.step
        for images, labels in self.batches:  # [n, 3, H, W], [n]
            if self.button.pressed:
                raise KeyboardInterrupt
            if not self.has_time:
                break
            logits, loss = self.train_step(images, labels)
            self.step += 1
            self.seen += len(labels)
            self.loss += loss * len(labels)
            self.right += (logits.argmax(1) == labels).sum()
            if self.step % LOOK_EVERY == 0 or self.device.type == "cpu":
                self._refuse_nan()
                if self.bar.is_due:
                    self.bar.show(self.progress, self.seconds_left, self.figures())
        self._refuse_nan()
        if self.seen:
            self._watch_speed((time.monotonic() - began) / (self.step - before))
        return self.seen > 0

    def train_step(self, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """One step on a batch, at the learning rate that belongs to the progress so far.

        Args:
            images: [n, 3, H, W], normalised, on the run's device.
            labels: [n], numbers of classes.

        Returns:
            The logits [n, classes] and the loss, as they were before the step.
        """
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
            accuracy=percent_right(self.tested, self.test_batches),
            learning_rate=self.optimizer.param_groups[0]["lr"],
            seconds=self.seconds,
        )
        self.history.append(epoch)
        if self.after_epoch is not None:
            self.after_epoch(epoch)
        if epoch.accuracy > before:
            weights.write(self.tested, self.folder, chosen.notes_of(self.record(), self.id))
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
        if epoch.accuracy > before:
            self.offer()
        self.bar.show(self.progress, self.seconds_left, self.figures())

    def finish(self) -> Record:
        """Put the best weights into the model, and clean up."""
        weights.read(self.model, self.folder)
        self.checkpoint.remove()
        self.offer()
        return self.record()

    def offer(self) -> None:
        """Hand this run in if it did better than what is handed in now. A plan above a limit is not."""
        if self.plan is None or not above_limit(self.plan):
            self.took_the_place_of = chosen.offer(self.folder, self.out) or self.took_the_place_of

    def tell(self) -> None:
        """Say what is handed in now."""
        above = above_limit(self.plan) if self.plan is not None else ""
        if above:
            self._say(f"{above} So {self.name!r} is not handed in.")
        elif self.history:
            self._say(chosen.told(self.folder, self.out, self.took_the_place_of))

    def how_to_go_on(self, kept: bool) -> str:
        """What someone reads who has stopped the run."""
        if not self.history:
            return f"{self.name}: stopped before the first epoch was done; run the cell again to begin anew"
        epoch = f"{self.name}: stopped after epoch {len(self.history)}"
        return f"{epoch}; run the cell again to go on" if kept else f"{epoch}; it leaves no files (out=None)"

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
            threads=self.threads if self.device.type == "cpu" else None,
            tested_on=self.tested_on,
        )

    @property
    def seconds_left(self) -> float | None:
        """Until the budget's end, whichever comes first: its last step at this pace, or its last second."""
        done, began = self.step / self.steps, self.first_step / self.steps
        by_steps = seconds_left(done, began, time.monotonic() - self.clock_started)
        if self.recipe.seconds is None:
            return by_steps
        by_time = self.recipe.seconds - self.seconds
        return by_time if by_steps is None else min(by_time, by_steps)

    def figures(self) -> dict[str, str]:
        """What the bar says beside its length."""
        figures = {"epoch": str(len(self.history) + (1 if self.has_time else 0))}
        if self.seen:
            right, loss = 100 * float(self.right) / self.seen, float(self.loss) / self.seen
            figures |= {"loss": f"{loss:.3f}", "train": f"{right:.1f}%"}
        return figures | ({"test": f"{self.history[-1].accuracy:.1f}%"} if self.history else {})

    def _find_folder(self, name: str, precision: str | None) -> str | None:
        """Find or make the run's folder, and go on from the checkpoint in it. Returns its precision, or None."""
        shapes = {key: list(value.shape) for key, value in self.model.state_dict().items()}
        call: dict[str, Any] = {"name": name, "images": _identified(self.train), "tested_on": self.tested_on}
        call |= {"precision": precision}
        call |= {"network": f"{zlib.crc32(repr(shapes).encode()):08x}"} | asdict(self.recipe)
        call |= {} if self.plan is None else {"plan": asdict(self.plan)}
        call |= {} if self.batches.moved_by == MOVED_BY else {"moved_by": self.batches.moved_by}
        found = run_folders.begin(self.out, name, call)
        state = self._use(found).load() if found.was_stopped else None
        if state is not None and weights.header_of(found.path / weights.WEIGHTS) is None:
            print(f"{found.path / weights.WEIGHTS} is gone: starting anew")
            state = None
        if state is None and found.was_stopped:
            found = run_folders.begin_new(self.out, name, call)
        self._use(found)
        if state is None:
            return None
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.averaged is not None:
            self.averaged.load_state_dict(state["averaged"])
        self.history = [Epoch(**epoch) for epoch in state["history"]]
        print(f"{self.name}: going on after epoch {len(self.history)}")
        return state["precision"]

    def _use(self, found: run_folders.RunFolder) -> Checkpoint:
        self.folder, self.name, self.id = found.path, found.name, found.id
        if self.plan is not None:
            self.plan.write(found.path / run_folders.PLAN)
        self.checkpoint = Checkpoint(found.path, found.call)
        return self.checkpoint

    def _pick_threads(self, trusted: float) -> None:
        """Take as many threads as make a step fast now, measured on a copy of the model.

        Where more threads are slow, steps with them may take seconds: a small convolution is asked first.

        Args:
            trusted: seconds for which an earlier answer is good enough.
        """
        self.usual_step: float | None = None
        self.picked = time.monotonic()
        if self.device.type != "cpu":
            return
        self.threads = threads.usual(self.most_threads, trusted)
        if self.threads > 1:
            images, labels = next(iter(self.batches))
            trial = copy.deepcopy(self.model).train()
            with torch.random.fork_rng([]):
                self.threads = threads.fastest(
                    lambda: training_step(trial, images, labels, self.precision or "float32"), self.threads
                )
        torch.set_num_threads(self.threads)

    def _watch_speed(self, step: float) -> None:
        """Pick the threads anew where the machine has more or less to do than it had.

        Args:
            step: seconds of a step, in the epoch that has ended.
        """
        is_slower = self.usual_step is not None and step > SLOWER * self.usual_step
        may_be_faster = self.threads < self.most_threads and time.monotonic() - self.picked > TRY_MORE
        if self.has_time and (is_slower or may_be_faster):
            before = self.threads
            self._pick_threads(trusted=0.0)
            if self.threads != before:
                self._say(f"{self.name}: goes on with {threads.described(self.threads, self.most_threads)}")
        else:
            self.usual_step = min(step, self.usual_step or step)

    def _machine(self) -> str:
        return (
            f"the CPU with {threads.described(self.threads, self.most_threads)}"
            if self.device.type == "cpu"
            else str(self.device)
        )

    def _say(self, line: str) -> None:
        if self.show:
            print(line)

    def _refuse_nan(self) -> None:
        """Raise TrainingStopped where the loss is no number."""
        if not torch.isfinite(torch.as_tensor(self.loss)):
            rate = self.recipe.learning_rate
            raise TrainingStopped(
                f"the loss is no number any more (epoch {len(self.history) + 1}): steps that are too large do this; "
                f"try learning_rate={rate / 4:g} instead of {rate:g}"
            )


def _identified(images: data.Images) -> str:
    """How many images these are, and a number that tells them from any others."""
    sum_of_pixels = zlib.crc32(images.images.cpu().contiguous().numpy().data)
    return f"{len(images)} images, {zlib.crc32(images.labels.cpu().contiguous().numpy().data, sum_of_pixels):08x}"


def _groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Weights of convolutions and linear layers decay; biases and BatchNorm's parameters do not."""
    decay = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim <= 1]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


@torch.inference_mode()
def percent_right(model: nn.Module, batches: data.Loader) -> float:
    """Percent of the images that a model names rightly.

    Args:
        model: on the device of the batches; it is left in the mode that it was in.
        batches: of normalised images.
    """
    training = model.training
    model.eval()
    right, seen = 0, 0
    for images, labels in batches:
        right += (model(images).argmax(1) == labels).sum()
        seen += len(labels)
    model.train(training)
    return 100 * float(right) / seen
