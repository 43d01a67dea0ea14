"""torch's compiler is not imported where nothing is compiled. Each test is a Python process of its own.

Named are torchvision 0.28 and torch 2.13: the next ones may ask for the compiler elsewhere, and this says so.
"""

import pytest

from tests.command import run

pytestmark = pytest.mark.tool

COMPILER = "'torch._dynamo' in sys.modules, 'torch._dynamo.utils' in sys.modules"


def output_of(code: str) -> str:
    done = run("python", "import sys, scalelab\n" + code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_torchvision_is_imported_without_it_and_leaves_no_stand_in():
    assert output_of(f"import torchvision\nprint({COMPILER})") == "False False"


def test_multiply_adds_of_a_pass_are_counted_without_it():
    code = f"""
import torch
from scalelab import counting
from torchvision.models import efficientnet_b0
network = efficientnet_b0().eval()
counted = counting.macs_of_pass(network, torch.zeros(1, 3, 32, 32))
print({COMPILER}, counted == counting.macs(network, (1, 3, 32, 32)))
"""
    assert output_of(code) == "False False True"


def test_what_torchvision_asks_it_later_is_answered_by_the_real_one():
    code = f"""
from torchvision.ops import roi_align as module
print(sys.modules[module.__module__].is_compile_supported("cpu"), {COMPILER})
from torch._dynamo.utils import is_compile_supported
print(is_compile_supported("cpu"))
"""
    assert output_of(code).split() == ["True", "True", "True", "True"]


def test_another_name_of_it_imports_the_real_one():
    code = """
from scalelab._compat.no_compiler import compiler_put_off
with compiler_put_off():
    from torch._dynamo.utils import counters
print(type(counters).__name__, hasattr(sys.modules["torch._dynamo.utils"], "is_compile_supported"))
"""
    assert output_of(code) == "defaultdict True"


def test_it_stays_where_it_was_imported_before():
    code = "import torch._dynamo.utils as own\nimport torchvision\nprint(sys.modules['torch._dynamo.utils'] is own)"
    assert output_of(code) == "True"
