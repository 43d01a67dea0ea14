"""In rooms compiled code runs as it was written, and a GPU is the CPU. Each test is a process of its own."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.tool


def output_of(code: str) -> str:
    code = f"import sys\nimport scalelab.checking.in_rooms\nimport torch\nfrom torch import nn\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_all_ways_to_compile_run_the_code_as_it_was_written_and_keep_their_wrapper():
    code = """
def backend(graph, inputs):
    raise RuntimeError("compiled")

class Net(nn.Linear):
    @torch.compile(backend=backend)
    def forward(self, x):
        return super().forward(x)

print('torch._dynamo' in sys.modules)
wrapped = torch.compile(nn.Linear(2, 2), backend=backend, fullgraph=True)
inside = nn.Linear(2, 2)
inside.compile(backend=backend)
function = torch.compile(lambda x: x + 1, backend=backend)
optimized = torch._dynamo.optimize(backend)(nn.Linear(2, 2))
for one in (Net(2, 2), wrapped, inside, function, optimized):
    one(torch.ones(1, 2))
print(type(wrapped).__name__, sorted(wrapped.state_dict()))
"""
    first, second = output_of(code).splitlines()
    assert first in ("True", "False") and second == "OptimizedModule ['_orig_mod.bias', '_orig_mod.weight']"


def test_the_compiler_is_not_imported_where_nothing_is_compiled():
    assert output_of("nn.Linear(2, 2)(torch.ones(1, 2))\nprint('torch._dynamo' in sys.modules)") == "False"


def test_scripts_are_what_they_were_made_of():
    assert output_of("net = nn.Conv2d(1, 1, 1)\nprint(torch.jit.script(net) is net)") == "True"


def test_a_gpu_is_the_cpu_and_other_devices_are_themselves():
    code = """
for name in ("cuda", "mps", "cuda:1", "meta", None):
    torch.set_default_device(name)
    print(torch.ones(1).device.type)
torch.set_num_interop_threads(4)
"""
    assert output_of(code).split() == ["cpu", "cpu", "cpu", "meta", "cpu"]


def test_code_that_asks_for_a_gpu_by_name_runs():
    code = """
import torch.nn.functional as F
net = nn.Sequential(nn.Conv2d(3, 4, 1, device="cuda"), nn.BatchNorm2d(4)).cuda()
net = net.to("cuda:0").to(torch.device("mps")).to(0, torch.float32)
x = torch.randn(1, 3, 2, 2, device="cuda").to("cuda", non_blocking=True).cuda().to(device="mps")
torch.cuda.synchronize()
print(net(x).device.type, torch.zeros(1, device="meta").device.type, net.to("meta")[0].weight.device.type)
print(torch.ones(1).to(torch.float64).dtype, torch.cuda.get_device_name(0), torch.cuda.is_available())
torch.set_default_device("meta")
print(torch.zeros(2).device.type, torch.tensor([1]).device.type, torch.zeros(2, device="cpu").device.type)
with torch.device("meta"):
    print(torch.rand(2).device.type)
"""
    assert output_of(code).split() == [
        *("cpu", "meta", "meta", "torch.float64", "CPU", "False"),
        *("meta", "meta", "cpu", "meta"),
    ]
