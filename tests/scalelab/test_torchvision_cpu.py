"""Each test is a Python process of its own: what is imported first is what matters.

Where scalelab comes first and torch is imported by whatever comes next, the process is forked from one that has both.
"""

import subprocess
import sys

import pytest

from tests import command

pytestmark = pytest.mark.tool


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def output_of(code: str) -> str:
    done = run(code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def output_behind_scalelab(code: str) -> str:
    done = command.run("python", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel_is_broken() -> None:
    if run("import torchvision").returncode == 0:
        pytest.skip("here torchvision can be imported without help")


def test_torchvision_can_be_imported_and_used_after_scalelab():
    code = "import scalelab, torchvision; print(type(torchvision.models.efficientnet_b0()).__name__)"
    assert output_of(code) == "EfficientNet"


def test_parts_of_torchvision_can_be_imported_first():
    output_behind_scalelab("import scalelab; from torchvision.transforms import v2; from torchvision import datasets")


def test_the_error_without_scalelab_is_the_one_that_we_prevent(wheel_is_broken):
    assert "operator torchvision::nms does not exist" in run("import torchvision").stderr


def test_importing_scalelab_imports_neither_torch_nor_torchvision():
    heavy = {"torch", "torchvision", "matplotlib", "numpy"}
    code = f"import sys, scalelab; print(sorted({heavy} & set(sys.modules)))"
    assert output_of(code) == "[]"


def test_asking_whether_torchvision_is_installed_imports_nothing_and_changes_nothing():
    code = (
        "import importlib.util, sys, scalelab; print(importlib.util.find_spec('torchvision') is not None, "
        "'torch' in sys.modules); import torchvision"
    )
    assert output_of(code) == "True False"


def test_calling_it_twice_adds_one_finder():
    code = (
        "import sys, scalelab; scalelab.declare_operators_on_import(); "
        "print(sum(type(finder).__name__ == '_BeforeTorchvision' for finder in sys.meta_path))"
    )
    assert output_of(code) == "1"


def test_the_finder_is_gone_once_torchvision_is_imported():
    code = (
        "import sys; import scalelab, torchvision; scalelab.declare_operators_on_import(); "
        "print(any(type(finder).__name__ == '_BeforeTorchvision' for finder in sys.meta_path))"
    )
    assert output_behind_scalelab(code) == "False"


def test_operators_that_somebody_declared_already_are_left_alone(wheel_is_broken):
    code = (
        "import scalelab, torch; library = torch.library.Library('torchvision', 'DEF'); "
        "library.define('nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor'); "
        "import torchvision; print('imported')"
    )
    assert output_behind_scalelab(code) == "imported"


def test_operators_that_can_be_loaded_are_loaded_and_not_declared(tmp_path):
    """A torchvision whose shared object loads: a stand-in, as the real one cannot be had with a CPU build."""
    package = tmp_path / "torchvision"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_C.so").write_bytes(b"")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import scalelab, torch; loaded = []; "
        "torch.ops.load_library = loaded.append; import torchvision; "
        "print(len(loaded), hasattr(torch.ops.torchvision, 'nms'))"
    )
    assert output_behind_scalelab(code) == "1 False"


def test_where_torchvision_is_missing_its_own_error_is_seen(tmp_path):
    code = "import sys, scalelab; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; import torchvision"
    assert "No module named 'torchvision'" in run(code).stderr
