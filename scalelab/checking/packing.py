"""Tensors as text, on their way out of a room or into one."""

import base64

import torch


def packed(tensor: torch.Tensor) -> str:
    """The numbers of a tensor, in a row, as the base64 of float32: a tenth of the time that numbers one by one take."""
    return base64.b64encode(tensor.detach().float().contiguous().cpu().numpy().tobytes()).decode()


def tensor_of(text: str, shape: list[int]) -> torch.Tensor:
    """The tensor that `packed` was given, as float32.

    Args:
        text: what `packed` gave.
        shape: of the tensor.

    Raises:
        ValueError, RuntimeError: if the text is none of its kind, or has more numbers than the shape, or fewer.
    """
    return torch.frombuffer(bytearray(base64.b64decode(text, validate=True)), dtype=torch.float32).view(shape)
