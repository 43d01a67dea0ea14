"""q3_net: EfficientNet, scaled by the two rounding rules."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, in_place_of, remembered, rng
from scalelab.checking.networks import ask, ask_counts

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
    from scalelab.checking.networks import expect_own_parts, expect_same, layers_of, parameters_of, right

    expect_own_parts(EfficientNet(), withheld)
    between = (
        "All layers with weights are right. What stands between them: SiLU behind the stem and behind the head, the "
        "average over all positions before the classifier, nothing behind it?"
    )
    for sizes, hint in (
        ({}, "This is B0 as the table has it."),
        ({"num_classes": 7}, "How many logits? That is the caller's choice: num_classes."),
        ({"stem_stride": 1}, "stem_stride is the stride of the stem alone, and the caller's choice."),
        ({"depth": 0.5}, "depth scales the repeats of each stage, by the rounding rule of 3.1."),
        ({"depth": 1.2}, "depth scales the repeats of each stage, by the rounding rule of 3.1."),
        (
            {"width": 0.3},
            WIDTH,
        ),
        (
            {"width": 1.35},
            WIDTH,
        ),
    ):
        small = {"width": 0.25, "depth": 0.25, "num_classes": 10, "stem_stride": 2}
        options = ({"width": 1.0, "depth": 1.0, "num_classes": 1000} if not sizes else small) | sizes
        reference = right(theirs, tuple(({"stem_stride": 2} | options)[key] for key in small), {}, 1, (1, 3, 33, 35))
        given = ask(EfficientNet, (), options, 1, (1, 3, 33, 35))
        same = parameters_of(layers_of(given)) == parameters_of(layers_of(reference))
        told = ", ".join(f"{key}={value}" for key, value in options.items())
        explain = lambda given, hint=hint, same=same: between if same and given["shape"] == [1, 10] else hint  # noqa: E731
        expect_same(given, reference, explain, what=f"the logits of EfficientNet({told})")


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
