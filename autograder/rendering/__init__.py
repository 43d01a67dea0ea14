"""What students and TAs wrote, as HTML and pictures that can do nothing in a browser; made in a process with limits."""

from autograder.rendering.notebook import Picture, Texts
from autograder.rendering.plain import as_typed
from autograder.rendering.worker import Refused, Renderer, renderer

__all__ = ["Picture", "Refused", "Renderer", "Texts", "as_typed", "renderer"]
