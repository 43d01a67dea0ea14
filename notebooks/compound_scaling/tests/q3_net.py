"""q3_net: EfficientNet, scaled by the two rounding rules."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, remembered, rng
from scalelab.checking.networks import ask, ask_counts, block_in_place_of

OK_FORMAT = False
name = "q3_net"
points = 12

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")


@test_case(points=1)
def b0_gives_logits(EfficientNet):
    hints = {
        (2, 1280): "Those are the features of the head: where is the classifier?",
        (2, 1000, 2, 2): "The average over all positions comes before the classifier.",
        (2, 1000, 1, 1): "Logits are one row of numbers an image: flatten what was pooled.",
    }
    given = ask(EfficientNet, (), {}, 1, (2, 3, 33, 33))
    expect_equal(given["shape"], (2, 1000), hints, what="the shape of the logits of two images")


@test_case(points=1)
def b0_has_its_published_parameters(EfficientNet):
    hints = {
        8423848: "Squeeze-and-excitation squeezes to a quarter of the block's input channels, not of the expanded.",
        4652008: "Where is squeeze-and-excitation?",
        5309556: "No convolution outside squeeze-and-excitation has a bias.",
        5289636: "Where the expansion ratio is 1 there is no expansion convolution.",
        5187172: "Some stages have kernels of 5.",
        5287548: "The classifier has a bias.",
        4007548: "Where is the classifier?",
        3916388: "Where is the head? It stands between the last stage and the pooling.",
        5289860: "Stem and head have no bias.",
        5285988: "A BatchNorm stands behind the head.",
        5285924: "A BatchNorm stands behind the stem, and one behind the head.",
        1694088: "Blocks are kept in an nn.Sequential or nn.ModuleList: those in a plain list are not found.",
    }
    counted = ask_counts(EfficientNet, (), {}).get("parameters")
    expect_equal(counted, 5288548, hints, what="the parameters of B0")


WIDTH = "width scales the channels of stem and stages by the rounding rule of 3.1; the head has four times the last."


def theirs(width, depth, num_classes=1000, stem_stride=2):
    """torchvision's own EfficientNet, which the judge takes for right."""
    from torchvision.models import efficientnet

    from scalelab.b0 import B0

    rows = [efficientnet.MBConvConfig(*row, width_mult=width, depth_mult=depth) for row in B0]
    made = efficientnet.EfficientNet(rows, 0.0, 0.0, num_classes)
    made.features[0][0].stride = (stem_stride, stem_stride)
    return made


@test_case(points=0)
def the_same_output_as_that_of_torchvision(EfficientNet):
    """Both get the same weights and the same images, and must give the same logits."""
    from scalelab.checking.networks import (
        DIFFERENCES,
        expect_own_parts,
        expect_same,
        expect_usual_momentum,
        hint_of_layers,
        layers_of,
        right,
    )

    expect_own_parts(EfficientNet(), withheld)
    between = (
        "All layers with weights are right. What stands between them: SiLU behind the stem and behind the head, the "
        "average over all positions before the classifier, nothing behind it?"
    )
    stride = "A convolution has another stride than it should: which blocks of a stage have the stride?"
    depth = "depth scales the repeats of each stage, by the rounding rule of 3.1."
    small = {"width": 0.25, "depth": 0.25, "num_classes": 10}

    for options, hint in (  # each changes one thing of a network that was right before it
        ({}, None),
        ({"depth": 0.25}, depth),
        ({"width": 0.25, "depth": 0.25}, WIDTH),
        (small, "How many logits? That is the caller's choice: num_classes."),
        (small | {"stem_stride": 1}, "stem_stride is the stride of the stem alone, and the caller's choice."),
        (small | {"depth": 0.5}, depth),
        (small | {"depth": 1.2}, depth),
        (small | {"width": 0.22}, WIDTH),
        (small | {"width": 0.3}, WIDTH),
        (small | {"width": 1.35}, WIDTH),
    ):
        sizes = {"width": 1.0, "depth": 1.0, "num_classes": 1000, "stem_stride": 2} | options
        reference = right(theirs, tuple(sizes.values()), {}, 1, (1, 3, 33, 35))

        def explain(given, hint=hint, reference=reference):
            found = hint_of_layers(layers_of(given), layers_of(reference))
            if found is None and given["shape"] == reference["shape"]:
                return between
            return hint or (stride if found == DIFFERENCES["stride"] else found)

        told = ", ".join(f"{key}={value}" for key, value in options.items())
        given = ask(EfficientNet, (), options, 1, (1, 3, 33, 35))
        expect_same(given, reference, explain, what=f"the output of EfficientNet({told})")
        expect_usual_momentum(given)


@test_case(points=0)
def dropped_in_training_alone(EfficientNet):
    """Copies of one image: in training mode they differ where something is dropped, and else nowhere."""
    from scalelab.checking.networks import close

    small = {"width": 0.25, "depth": 0.5, "num_classes": 10}

    def rows(options, *modes):
        values = ask(EfficientNet, (), small | options, 1, (12, 3, 33, 33), "alike", *modes)["values"]
        return [values[start : start + 10] for start in range(0, len(values), 10)]

    quiet = rows({"dropout": 0.0, "drop_path": 0.0})[0]
    for name in ("dropout", "drop_path"):
        options = {"dropout": 0.0, "drop_path": 0.0, name: 0.8}
        if not all(close(row, quiet) for row in rows(options)):
            raise Unexpected(f"in evaluation mode {name}=0.8 changes logits", "In evaluation mode nothing is dropped.")
        dropped = rows(options, "training")
        if all(close(row, dropped[0]) for row in dropped):
            told = f"In training mode {name} is what the caller says: does it reach where it acts?"
            raise Unexpected(f"in training mode {name}=0.8 changes nothing", told)
        if name == "dropout" and sum(value == 0 for row in dropped for value in row) > 20:
            told = "Dropout acts on what goes into the classifier, not on the logits."
            raise Unexpected("in training mode many logits are 0", told)
    if not all(close(row, quiet) for row in rows({"dropout": 0.0, "drop_path": 0.0}, "training")):
        told = "Both dropout and drop_path are the caller's choice: at 0 nothing is dropped."
        raise Unexpected("in training mode something is dropped, though both are 0", told)


@test_case(points=0)
def blocks_that_drop_by_their_place(EfficientNet):
    """Of 24 copies in training mode, some keep all branches; by what each was divided tells its block's drop path."""
    from torch import nn

    from scalelab.checking.networks import close, right

    rate, sizes = 0.3, (0.25, 0.5, 10)

    class Kept(nn.Module):
        def __init__(self, chance):
            super().__init__()
            self.chance = chance

        def forward(self, branch):
            return branch / self.chance if self.training else branch

    def undropped(*given):
        made = theirs(*given)
        blocks = [part for part in made.modules() if hasattr(part, "stochastic_depth")]
        for place, block in enumerate(blocks):
            block.stochastic_depth = Kept(1 - rate * place / len(blocks))
        return made

    shape = (2, 3, 33, 33)
    options = {"width": 0.25, "depth": 0.5, "num_classes": 10, "dropout": 0.0, "drop_path": rate}
    calm = right(theirs, sizes, {}, 1, shape, "alike")
    if not close(ask(EfficientNet, (), options, 1, shape, "alike")["values"], calm["values"]):
        raise Unexpected("the output is not right in evaluation mode", "First mend what the check of the outputs says.")
    wanted = right(undropped, sizes, {}, 1, shape, "training", "alike")["values"][:10]
    values = ask(EfficientNet, (), options, 1, (24, *shape[1:]), "training", "alike")["values"]
    if not any(close(values[start : start + 10], wanted) for start in range(0, len(values), 10)):
        told = "How much does each block drop? Blocks count from 0, through all stages, up to n − 1."
        raise Unexpected("the blocks have other drop paths than they should", told)
