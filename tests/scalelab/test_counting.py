import pytest
import torch
from torch import nn

import scalelab  # noqa: F401  (before torchvision)
from scalelab import counting

import torchvision  # isort: skip

PUBLISHED = [
    # name, resolution in pixels, parameters (torchvision's own num_params), MACs (closed form)
    ("efficientnet_b0", 224, 5_288_548, 385_814_752),
    ("efficientnet_b1", 240, 7_794_184, 686_802_832),
    ("efficientnet_b2", 260, 9_109_994, 993_561_872),
    ("efficientnet_b3", 300, 12_233_232, 1_827_141_392),
    ("efficientnet_b4", 380, 19_341_616, 4_393_771_024),
    ("efficientnet_b5", 456, 30_389_784, 10_266_384_752),
    ("efficientnet_b6", 528, 43_040_704, 19_067_593_536),
    ("efficientnet_b7", 600, 66_347_960, 37_745_884_192),
]


def on_meta(name: str) -> nn.Module:
    with torch.device("meta"):
        return getattr(torchvision.models, name)()


@pytest.mark.parametrize(("name", "resolution", "parameters", "macs"), PUBLISHED)
def test_published_networks_have_their_published_counts(name, resolution, parameters, macs):
    network = on_meta(name)
    assert counting.parameters(network) == parameters
    assert counting.macs(network, (1, 3, resolution, resolution)) == macs


@pytest.mark.parametrize(("name", "resolution", "millions"), [("resnet50", 224, 11.1), ("efficientnet_b4", 380, 49.5)])
def test_activations_are_those_of_dollar_and_others(name, resolution, millions):
    counted = counting.activations(on_meta(name), (1, 3, resolution, resolution))
    assert counted / 1e6 == pytest.approx(millions, abs=0.05)


def test_a_convolution_counts_kernel_times_channels_at_every_position():
    convolution = nn.Conv2d(6, 8, kernel_size=3, stride=2, padding=1, groups=2)
    assert counting.macs(convolution, (1, 6, 15, 15)) == 3 * 3 * (6 // 2) * 8 * 8 * 8
    assert counting.activations(convolution, (1, 6, 15, 15)) == 8 * 8 * 8


def test_activations_are_those_of_convolutions_alone():
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.SiLU(), nn.Flatten(), nn.Linear(16, 100))
    assert counting.activations(network, (1, 3, 2, 2)) == 4 * 2 * 2


def test_a_batch_counts_every_image():
    assert counting.macs(nn.Linear(5, 7), (3, 5)) == 3 * 5 * 7


def test_frozen_parameters_do_not_count_and_shared_ones_count_once():
    first, second = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
    assert counting.parameters(nn.Sequential(first, second)) == 32
    second.weight = first.weight
    assert counting.parameters(nn.Sequential(first, second)) == 16
    first.weight.requires_grad = False
    assert counting.parameters(nn.Sequential(first, second)) == 0


def test_layers_add_up_to_the_whole_and_have_the_names_of_named_modules():
    network = on_meta("efficientnet_b0")
    layers = counting.layer_macs(network, (1, 3, 224, 224))
    assert sum(layers.values()) == counting.macs(network, (1, 3, 224, 224))
    assert set(layers) <= set(dict(network.named_modules()))
    assert next(iter(layers.items())) == ("features.0.0", 112 * 112 * 3 * 3 * 3 * 32)
    assert layers["classifier.1"] == 1280 * 1000


def test_what_a_module_computes_itself_stands_under_its_own_name():
    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Linear(3, 3)
            self.weight = nn.Parameter(torch.zeros(3, 5))

        def forward(self, x):
            return self.inner(x) @ self.weight

    assert counting.layer_macs(nn.Sequential(Mixed()), (1, 3)) == {"0": 15, "0.inner": 9}
    assert counting.layer_macs(nn.Linear(3, 4), (1, 3)) == {"": 12}


def test_the_module_stays_as_it_was():
    module = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)).train()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    for count in (counting.macs, counting.activations, counting.layer_macs):
        count(module, (2, 3, 8, 8))
    assert module.training and module[0].weight.requires_grad
    assert not module[0]._forward_hooks
    for name, tensor in module.state_dict().items():
        assert tensor.device.type == "cpu" and torch.equal(tensor, before[name])


def test_dropout_and_batchnorm_are_counted_as_in_evaluation():
    """In training mode, BatchNorm refuses a single value a channel, as global pooling leaves it."""
    assert counting.macs(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)), (1, 3, 1, 1)) == 12
