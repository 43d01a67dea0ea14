"""In rooms compiled code runs as it was written, and a GPU is the CPU. Each test is a process of its own."""

import pytest

from tests.command import run

pytestmark = pytest.mark.tool


def output_of(code: str) -> str:
    code = f"import sys\nimport scalelab.checking.in_rooms\nimport torch\nfrom torch import nn\n{code}"
    done = run("python in a room", code)
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


def test_what_is_asked_of_a_gpu_or_told_to_it_has_an_answer(tmp_path):
    code = f"""
import warnings
from safetensors.torch import load_file, save_file
warnings.simplefilter("ignore")
torch.cuda.set_device(torch.cuda.current_device()); torch.cuda.empty_cache(); torch.cuda.manual_seed_all(0)
torch.cuda.get_device_properties(0).total_memory; torch.cuda.mem_get_info(); torch.cuda.max_memory_allocated()
torch.mps.manual_seed(0); torch.mps.empty_cache(); torch.mps.current_allocated_memory()
begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
begin.record(); end.record(); end.synchronize(); begin.elapsed_time(end)
torch.set_default_tensor_type("torch.cuda.FloatTensor")
with torch.device("cuda"), torch.cuda.stream(torch.cuda.Stream()):
    net = nn.Linear(2, 2)
generator = torch.Generator(device="cuda").manual_seed(0)
print(isinstance(generator, torch.Generator), isinstance(torch.default_generator, torch.Generator))
x = torch.randn(1, 2, device=0, generator=generator).pin_memory().to(0).new_zeros(1, 2, device="mps")
print(net(x).device.type, x.type(torch.cuda.DoubleTensor).dtype, x.type("torch.cuda.HalfTensor").dtype)
torch.save(net.state_dict(), "{tmp_path}/net.pt")
for place in ("cuda:0", torch.device("mps"), None):
    net.load_state_dict(torch.load("{tmp_path}/net.pt", map_location=place))
save_file(net.state_dict(), "{tmp_path}/net.safetensors")
print(load_file("{tmp_path}/net.safetensors", device="cuda")["bias"].device.type)
"""
    assert output_of(code).split() == ["True", "True", "cpu", "torch.float64", "torch.float16", "cpu"]


def test_weights_of_others_and_all_of_the_images_are_not_downloaded():
    code = """
import os
from torchvision.models import ResNet18_Weights, resnet18
print(*(resnet18(weights=one).fc.out_features for one in ("DEFAULT", ResNet18_Weights.IMAGENET1K_V1)))
net = nn.Linear(1, 1)
net.load_state_dict(torch.hub.load_state_dict_from_url("https://localhost/x.pt"))
from scalelab import data
os.environ["SCALELAB_DATA"] = "/content/drive"
print(len(data.cifar10(size="full").train), len(data.cifar10("/kaggle/input").test), os.environ["SCALELAB_DATA"])
"""
    assert output_of(code).split() == ["1000", "1000", "3000", "1000", "/content/drive"]
