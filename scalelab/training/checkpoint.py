"""What a killed run needs to go on exactly where it was: saved after each epoch, gone when the run is done."""

from pathlib import Path
from typing import Any

import torch

NAME = "checkpoint.pt"


class Checkpoint:
    """The file folder/checkpoint.pt. run: what the run was asked for, by which it is known again."""

    def __init__(self, folder: Path, run: dict[str, Any]):
        self.path = folder / NAME
        self.run = run

    def save(self, state: dict[str, Any]) -> None:
        """Write the file, all of it or nothing.

        Args:
            state: tensors and plain data; torch's random state goes along.
        """
        partial = self.path.with_suffix(".partial")
        torch.save({"run": self.run, "state": state, "random": _random_state()}, partial)
        partial.replace(self.path)

    def load(self) -> dict[str, Any] | None:
        """The state that `save` wrote for this very run, with torch's random state put back; else None."""
        if not self.path.is_file():
            return None
        try:
            saved = torch.load(self.path, map_location="cpu", weights_only=True)
        except Exception as problem:  # whatever torch makes of a file that is none of its own
            print(f"{self.path} cannot be read ({type(problem).__name__}): starting anew")
            return None
        if not isinstance(saved, dict) or saved.keys() != {"run", "state", "random"}:
            print(f"{self.path} is no checkpoint of a training run: starting anew")
            return None
        if saved["run"] != self.run:
            print(f"{self.path} is of another run: starting anew")
            return None
        _put_back(saved["random"])
        return saved["state"]

    def remove(self) -> None:
        """Remove the file of a run that is done."""
        self.path.unlink(missing_ok=True)


def _random_state() -> dict[str, Any]:
    return {"cpu": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all()}


def _put_back(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["cpu"])
    if len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
