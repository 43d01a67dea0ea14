"""What the judge makes its references of. It takes seconds to import, which others pass usefully: by forking after it,
or by having a template import at the same time."""

import scalelab.checking.filled  # isort: skip  # first: it makes torchvision importable beside a CPU build of torch
import safetensors.torch
import torchvision.models.efficientnet

__all__ = ["safetensors", "scalelab", "torchvision"]
