"""The networks for 32 × 32 images: their sizes, and that all give up one halving."""

import pytest
import torch
from torch import nn

from scalelab import counting
from scalelab.models import COMPARED, efficientnet

SHAPE = (1, 3, 32, 32)


@pytest.mark.parametrize("name", COMPARED)
def test_each_gives_logits_of_ten_classes(name):
    model = COMPARED[name]().eval()
    with torch.inference_mode():
        assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize("name", [name for name in COMPARED if not name.startswith("efficientnet φ=-")])
def test_each_ends_on_two_by_two_maps(name):
    """The last map that is not yet pooled to a point: outputs of convolutions and BatchNorms, by their sizes."""
    model, sizes = COMPARED[name]().eval(), []
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.register_forward_hook(lambda layer, inputs, output: sizes.append(tuple(output.shape[2:])))
    with torch.inference_mode():
        model(torch.zeros(SHAPE))
    assert sizes[-1] == (2, 2)


def test_efficientnet_at_zero_is_b0_but_for_its_classes():
    classifier = 1281 * 990
    assert counting.parameters(efficientnet(0)) == 5_288_548 - classifier


def test_phi_scales_depth_width_and_resolution_together():
    small, base, large = (efficientnet(phi) for phi in (-3, 0, 1))
    counts = [counting.macs(model, SHAPE) for model in (small, base, large)]
    assert counts == sorted(counts)
    assert (small.size, large.size) == (21, 37)
    seen = []
    small.network.register_forward_pre_hook(lambda module, inputs: seen.append(tuple(inputs[0].shape)))
    small.eval()(torch.zeros(SHAPE))
    assert seen == [(1, 3, 21, 21)]


def test_the_stem_can_stride_as_the_original_does():
    assert counting.macs(efficientnet(0, stem_stride=2), SHAPE) < 0.3 * counting.macs(efficientnet(0), SHAPE)


def test_the_first_guesses_are_not_sure():
    torch.manual_seed(0)
    logits = efficientnet(-4).eval()(torch.randn(8, 3, 32, 32))
    assert logits.abs().max() < 1
