"""What notebooks set in torch changes no comparison, and is as it was afterwards."""

import warnings

import pytest
import torch
from torch import nn

from scalelab.checking import filled, trained
from scalelab.checking.networks import ask, ask_counts, right
from scalelab.checking.neutral import neutral

SHAPE = (2, 8, 5, 5)


def lazy_net():
    first = nn.Sequential(nn.LazyConv2d(6, 3, bias=False), nn.LazyBatchNorm2d(), nn.SiLU())
    return nn.Sequential(first, nn.Flatten(), nn.LazyLinear(3))


def plain_net():
    return nn.Sequential(nn.Conv2d(8, 6, 3, bias=False), nn.BatchNorm2d(6), nn.SiLU(), nn.Flatten(), nn.Linear(54, 3))


WANTED = right(plain_net, (), {}, 5, SHAPE)["values"]

SETTINGS = {
    "dtype": (torch.get_default_dtype, torch.set_default_dtype, torch.float64),
    "half": (torch.get_default_dtype, torch.set_default_dtype, torch.float16),
    "matmul": (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision, "medium"),
    "threads": (torch.get_num_threads, torch.set_num_threads, 3),
    "grad": (torch.is_grad_enabled, torch.set_grad_enabled, False),
    "deterministic": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
        True,
    ),
    "device": (torch.get_default_device, torch.set_default_device, torch.device("meta")),
    "anomaly": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly, True),
    "autocast": (
        lambda: torch.is_autocast_enabled("cpu"),
        lambda on: torch.set_autocast_enabled("cpu", on),
        True,
    ),
    "convolutions": (
        lambda: torch.backends.mkldnn.conv.fp32_precision,
        lambda kind: setattr(torch.backends.mkldnn.conv, "fp32_precision", kind),
        "bf16",
    ),
}


@pytest.fixture
def setting(request):
    """A state of torch that is not the usual one, until the test ends."""
    read, write, value = SETTINGS[request.param]
    before = read()
    write(value)
    yield read, value
    write(before)


@pytest.mark.parametrize("setting", SETTINGS, indirect=True)
def test_what_a_notebook_sets_changes_no_output_and_stays_set(setting):
    read, value = setting
    assert ask(plain_net, (), {}, 5, SHAPE)["values"] == WANTED
    assert ask_counts(plain_net, (), {}, SHAPE)["parameters"] == 609
    assert read() == value


@pytest.mark.parametrize("setting", SETTINGS, indirect=True)
def test_it_changes_no_logits_either(setting):
    with neutral():
        network = trained.build(lambda: nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)))
        nn.init.constant_(network[1].weight, 0.01)
        nn.init.zeros_(network[1].bias)
        images = torch.full((2, 3, 32, 32), 255, dtype=torch.uint8)
        wanted = trained.logits(network, images).tolist()
    read, value = setting
    assert trained.logits(network, images).tolist() == wanted
    assert read() == value and wanted[0][0] == pytest.approx(30.72 * _mean_of_white(), rel=1e-5)


def _mean_of_white() -> float:
    return sum((1 - m) / s for m, s in zip((0.4914, 0.48216, 0.44653), (0.24703, 0.24349, 0.26159), strict=True)) / 3


def test_inference_mode_that_nobody_left_changes_no_output():
    with torch.inference_mode():
        assert ask(plain_net, (), {}, 5, SHAPE)["values"] == WANTED
        assert torch.is_inference_mode_enabled()


def test_a_network_that_switches_autocast_on_by_itself_is_compared_in_full_precision():
    class Casting(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = plain_net()

        def forward(self, x):
            with torch.autocast("cpu", torch.bfloat16):
                return self.inner(x)

    assert ask(Casting, (), {}, 5, SHAPE)["values"] == WANTED


def test_what_a_network_sets_while_it_is_built_is_put_back():
    def build():
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(3)
        return plain_net().float()

    assert ask(build, (), {}, 5, SHAPE)["values"] == WANTED
    assert torch.get_default_dtype() == torch.float32


def test_the_random_numbers_of_a_notebook_go_on_as_if_nothing_had_been_compared():
    torch.manual_seed(3)
    wanted = torch.rand(1).item()
    torch.manual_seed(3)
    filled.outputs(plain_net, [], {}, 5, list(SHAPE), training=True)
    assert torch.rand(1).item() == wanted


def test_a_dropout_that_is_never_switched_off_gives_others_each_time():
    network = trained.build(lambda: nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)))
    network.register_forward_hook(lambda layer, given, output: nn.functional.dropout(output, 0.5))
    images = torch.full((8, 3, 32, 32), 255, dtype=torch.uint8)
    torch.manual_seed(3)
    assert trained.logits(network, images).tolist() != trained.logits(network, images).tolist()


def test_a_warning_that_a_notebook_has_made_an_error_is_none_in_a_comparison():
    class Warning_(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = plain_net()

        def forward(self, x):
            warnings.warn("an old call", stacklevel=1)
            return self.inner(x)

    with warnings.catch_warnings(record=True):
        warnings.simplefilter("error")
        assert ask(Warning_, (), {}, 5, SHAPE)["values"] == WANTED
        with pytest.raises(UserWarning):
            warnings.warn("still an error", stacklevel=1)


def test_lazy_layers_are_filled_and_counted_as_any_others():
    assert ask(lazy_net, (), {}, 5, SHAPE)["values"] == WANTED
    assert ask_counts(lazy_net, (), {}, SHAPE) == ask_counts(plain_net, (), {}, SHAPE)
    assert ask_counts(lambda channels: nn.LazyConv2d(2, 1), (8,), {}) == {"parameters": 18}
