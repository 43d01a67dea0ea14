"""Weights fit a network whatever either was wrapped in, and nothing else does."""

import pytest
import torch
from torch import nn

from scalelab.checking import trained
from scalelab.checking.weight_names import pair


def small():
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))


WRAPPED = {
    "compiled": lambda net: torch.compile(net),
    "parallel": lambda net: nn.DataParallel(net),
    "averaged": lambda net: torch.optim.swa_utils.AveragedModel(net),
    "compiled and parallel": lambda net: nn.DataParallel(torch.compile(net)),
    "compiled within": lambda net: nn.Sequential(torch.compile(net[0]), net[1]),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's compiler, of its own parts
def test_a_wrapper_around_either_does_not_matter():
    for build in (*WRAPPED.values(), lambda net: net):
        for other in WRAPPED.values():
            saved = other(small())
            weights = {name: torch.full_like(tensor, 3) for name, tensor in saved.state_dict().items()}
            network = build(small())
            shapes = {name: list(tensor.shape) for name, tensor in weights.items()}
            assert trained.misfits(network, shapes) == []
            trained.fill(network, weights)
            assert all(bool((tensor == 3).all()) for tensor in network.parameters())


def test_other_names_and_shapes_stay_misfits():
    shapes = {name: list(tensor.shape) for name, tensor in small().state_dict().items()}
    network = nn.DataParallel(small())
    assert trained.misfits(network, shapes | {"module.2.weight": [1]}) == ["module.2.weight"]
    assert trained.misfits(network, shapes | {"0.bias": [5]}) == ["module.0.bias"]
    assert trained.misfits(small(), {"n_averaged": []} | shapes) == ["n_averaged"]


def test_a_tensor_of_several_names_is_filled_by_the_one_that_a_file_has():
    layer = nn.Linear(4, 4)
    network = nn.Sequential(layer, nn.ReLU(), layer)
    file = {"2.weight": torch.full((4, 4), 3.0), "2.bias": torch.full((4,), 3.0)}
    shapes = {name: list(tensor.shape) for name, tensor in file.items()}
    assert trained.misfits(network, shapes) == []
    trained.fill(network, file)
    assert all(bool((tensor == 3).all()) for tensor in network.parameters())
    assert trained.misfits(nn.Sequential(nn.Linear(4, 4), nn.ReLU(), layer), shapes) == ["0.bias", "0.weight"]


def test_a_file_may_lack_batchnorms_counts_as_it_may_for_torch_itself():
    saved = {name: torch.full_like(one, 3) for name, one in small().state_dict().items() if one.is_floating_point()}
    shapes = {name: list(tensor.shape) for name, tensor in saved.items()}
    network = small()
    network.load_state_dict(saved)
    assert trained.misfits(network, shapes) == []
    trained.fill(network, saved)
    assert all(bool((tensor == 3).all()) for tensor in network.parameters())
    network.register_buffer("num_batches_tracked", torch.zeros(2))
    assert trained.misfits(network, shapes) == ["num_batches_tracked"]


def test_names_that_are_alike_without_wrappers_are_not_mixed_up():
    assert pair(["a.w", "module.a.w"], ["module.a.w", "a.w"]) == {"a.w": "a.w", "module.a.w": "module.a.w"}
    assert pair(["a.w"], ["module.a.w", "_orig_mod.a.w"]) == {}


def test_weights_are_put_into_a_network_that_was_built_in_inference_mode():
    with torch.inference_mode():
        network = small()
    trained.fill(network, {name: torch.zeros_like(tensor) for name, tensor in network.state_dict().items()})
    assert float(network[0].weight.sum()) == 0
