"""scalelab: what students import in the compound scaling course.

Importing it makes torchvision importable next to a CPU build of torch (see `scalelab.torchvision_cpu`), so
notebooks import scalelab first. Torch itself is imported only by the parts that need it.
"""

from scalelab.handing_in import hand_in
from scalelab.torchvision_cpu import declare_operators_on_import

__all__ = ["hand_in"]
__version__ = "0.1.0"

declare_operators_on_import()
