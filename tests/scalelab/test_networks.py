"""Networks filled from a seed agree when they compute the same, whatever they are made of."""

import pytest
import torch
from torch import nn

from scalelab.checking import Unexpected, filled, remembered
from scalelab.checking.networks import (
    BETWEEN,
    BIASED,
    EXPANDED,
    GATED,
    LOOSE,
    REPEATED,
    TOLERANCE,
    ask,
    ask_counts,
    close,
    expect_same,
    hint_of_layers,
    layers_of,
    parameters_of,
    right,
    unpacked,
)
from scalelab.checking.said import Layer

SHAPE = (2, 8, 5, 5)


def norm_net(bias=False, eps=1e-5, activation=nn.SiLU):
    return nn.Sequential(nn.Conv2d(8, 6, 3, bias=bias), nn.BatchNorm2d(6, eps=eps), activation())


def test_a_linear_layer_and_a_convolution_of_one_pixel_get_the_same_numbers():
    linear = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
    convolution = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 3, 1), nn.Flatten())
    given, wanted = (right(lambda net=net: net, (), {}, 5, SHAPE) for net in (linear, convolution))
    assert close(given["values"], wanted["values"])


def test_names_nesting_and_order_of_definition_do_not_matter():
    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.second, self.first = nn.Conv2d(4, 8, 1), nn.Conv2d(8, 4, 1)

        def forward(self, x):
            gates = self.second(nn.functional.silu(self.first(x.mean((2, 3), keepdim=True))))
            return x * gates.sigmoid()

    from torchvision.ops import SqueezeExcitation  # after scalelab

    wanted = right(lambda: SqueezeExcitation(8, 4, activation=nn.SiLU), (), {}, 5, SHAPE)
    expect_same(ask(Backwards, (), {}, 5, SHAPE), wanted)


@pytest.mark.parametrize(
    "wrong, hint",
    [
        ({"bias": True}, BIASED),
        ({"eps": 1e-3}, "eps"),
        ({"activation": nn.ReLU}, BETWEEN),
        ({"activation": nn.Hardswish}, BETWEEN),
    ],
)
def test_a_mistake_is_seen_and_hinted_at(wrong, hint):
    wanted = right(norm_net, (), {}, 5, SHAPE)
    with pytest.raises(Unexpected) as raised:
        expect_same(ask(norm_net, (), wrong, 5, SHAPE), wanted)
    assert hint in raised.value.hint


@pytest.mark.parametrize(("outputs", "bias", "hint"), [(8, False, EXPANDED), (8, True, EXPANDED), (2, True, GATED)])
def test_gates_in_the_place_of_the_depthwise_convolution_are_no_expansion(outputs, bias, hint):
    depthwise = Layer("convolution", 8, 8, 3, 1, 1, 8, False, 0.0)
    assert hint_of_layers([Layer("convolution", 8, outputs, 1, 1, 0, 1, bias, 0.0)], [depthwise]) == hint


def test_how_weights_lie_in_memory_does_not_matter():
    wanted = right(norm_net, (), {}, 5, SHAPE)
    expect_same(ask(lambda: norm_net().to(memory_format=torch.channels_last), (), {}, 5, SHAPE), wanted)


def test_a_layer_that_runs_twice_and_one_that_never_runs_are_told_of():
    wanted = right(norm_net, (), {}, 5, SHAPE)
    layer = nn.Conv2d(8, 8, 1)
    for build, hint in (
        (lambda: nn.Sequential(layer, layer), REPEATED),
        (lambda: nn.PReLU(), LOOSE),
    ):
        with pytest.raises(Unexpected, match=hint[:30]):
            expect_same(ask(build, (), {}, 5, SHAPE), wanted)


def test_what_is_no_module_or_gives_no_tensor_is_told_so():
    with pytest.raises(Unexpected, match=r"no nn\.Module"):
        ask(lambda: 3, (), {}, 5, SHAPE)

    class Nothing(nn.Module):
        def forward(self, x):
            return None

    with pytest.raises(Unexpected, match="no tensor"):
        ask(Nothing, (), {}, 5, SHAPE)


@pytest.mark.parametrize("values", [None, [1.0], [1.0, float("nan")], [True, 2.0], ["1", 2.0], [1.0, 2.1], 7])
def test_values_that_are_off_or_no_numbers_are_never_close(values):
    assert not close(values, [1.0, 2.0])


def test_values_within_the_tolerance_of_the_largest_are_close():
    assert close([1.0 + TOLERANCE, 2.0], [1.0, 2.0])


def test_training_mode_leaves_batchnorm_alone_and_drops():
    net = nn.Sequential(norm_net(), nn.Dropout(0.5))
    still = right(lambda: net, (), {}, 5, SHAPE)["values"]
    noisy = right(lambda: net, (), {}, 5, SHAPE, "training")["values"]
    kept = [(a, b) for a, b in zip(still, noisy, strict=True) if b != 0]
    assert 0 < len(kept) < len(still)
    assert all(b == pytest.approx(2 * a, rel=1e-4) for a, b in kept)


def test_a_silent_network_gives_zeros_and_alike_images_are_alike():
    net = nn.Sequential(nn.Conv2d(8, 6, 1), nn.BatchNorm2d(6))
    assert not any(right(lambda: net, (), {}, 5, SHAPE, "silent")["values"])
    values = right(lambda: net, (), {}, 5, SHAPE, "alike")["values"]
    assert values[: len(values) // 2] == pytest.approx(values[len(values) // 2 :], rel=1e-5)
    assert filled.inputs(5, (9, *SHAPE[1:]), alike=True).shape[0] == 2


def test_layers_add_up_to_the_parameters():
    given = ask(norm_net, (), {"bias": True}, 5, SHAPE)
    assert parameters_of(layers_of(given)) == sum(one.numel() for one in norm_net(bias=True).parameters())
    assert layers_of({"layers": "forged"}) == []


def test_counts_come_from_the_meta_device_or_else_from_the_network_itself():
    def looks():
        net = norm_net()
        float(net[0].weight.detach().sum())
        return net

    for build in (norm_net, looks):
        counted = ask_counts(build, (), {}, (1, 8, 5, 5))
        assert counted == {"parameters": 444, "macs": 3888}
    assert torch.get_default_device().type == "cpu"


def test_a_function_of_a_test_file_that_is_loaded_again_remembers():
    calls = []
    text = "def reference(seed):\n    calls.append(seed)\n    return seed"
    for _ in range(2):
        names = {"calls": calls}
        exec(text, names)
        assert remembered(names["reference"])(41) == 41
    assert calls == [41]


def test_two_questions_with_the_same_function_remember_apart():
    text = "def reference(seed):\n    return name, seed"
    for name in ("q1", "q2"):
        names = {"name": name}
        exec(text, names)
        assert remembered(names["reference"])(41) == (name, 41)


def test_the_bias_of_a_convolution_before_batchnorm_changes_the_output():
    plain, biased = (right(norm_net, (), {"bias": bias}, 5, SHAPE)["values"] for bias in (False, True))
    assert max(abs(a - b) for a, b in zip(plain, biased, strict=True)) > 0.05 * max(map(abs, plain))


def test_one_pass_gives_what_a_second_pass_would():
    net = nn.Sequential(nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.SiLU(), nn.Conv2d(8, 4, 1), nn.BatchNorm2d(4))
    first = right(lambda: net, (), {}, 5, SHAPE)["values"]
    with torch.no_grad():
        assert close(net(filled.inputs(5, SHAPE)).flatten().tolist(), first)


def test_a_branch_that_starts_at_random_and_is_never_filled_stays_in_sight():
    class Branched(nn.Module):
        def __init__(self, branch):
            super().__init__()
            self.main, self.branch = norm_net(), nn.Conv3d(1, 1, 1, bias=False) if branch else None

        def forward(self, x):
            return self.main(x) if self.branch is None else self.main(x) + self.branch(x[:, None, :6, 1:4, 1:4])[:, 0]

    with pytest.raises(Unexpected, match=LOOSE[:30]):
        expect_same(ask(Branched, (True,), {}, 5, SHAPE), right(Branched, (False,), {}, 5, SHAPE))


def test_threads_are_as_many_afterwards_as_before():
    before = torch.get_num_threads()
    right(norm_net, (), {}, 5, SHAPE)
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("values", [None, 3, "no base64!", "AAAA", [0.0, 1.0], {"a": 1}])
def test_values_that_are_not_packed_are_no_values(values):
    assert unpacked(values) == []


def test_packed_values_come_back():
    numbers = torch.tensor([[1.5, -2.0], [0.0, float("inf")]])
    assert unpacked(filled.packed(numbers)) == numbers.flatten().tolist()


def test_a_notebook_with_another_default_device_gets_the_same():
    wanted = filled.outputs(norm_net, [], {}, 5, list(SHAPE))
    torch.set_default_device("meta")
    try:
        given = filled.outputs(norm_net, [], {}, 5, list(SHAPE))
        counted = filled.counts(norm_net, [], {}, list(SHAPE))
    finally:
        torch.set_default_device(None)
    assert given == wanted
    assert counted == filled.counts(norm_net, [], {}, list(SHAPE))


@pytest.mark.parametrize("write", ["weight.zero_()", "weight.data.clamp_(0, 1)", "bias.mul_(2)"])
def test_a_network_that_writes_into_its_own_weights_changes_no_other(write):
    class Writing(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Conv2d(8, 6, 3)

        def forward(self, maps):
            given = self.layer(maps)
            exec(write, {"weight": self.layer.weight, "bias": self.layer.bias})
            return given

    wanted = right(norm_net, (True,), {}, 5, SHAPE)
    filled.outputs(Writing, [], {}, 5, list(SHAPE))
    assert right(norm_net, (True,), {}, 5, SHAPE) == wanted


def test_a_network_of_another_precision_is_filled_alike():
    wanted = right(norm_net, (), {}, 5, SHAPE)

    class Double(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = norm_net().double()

        def forward(self, maps):
            return self.inner(maps.double())

    assert close(right(Double, (), {}, 5, SHAPE)["values"], wanted["values"])
