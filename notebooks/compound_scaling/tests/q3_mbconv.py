"""q3_mbconv: the inverted residual block with squeeze-and-excitation."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, remembered, rng
from scalelab.checking.blocks import config_of, theirs
from scalelab.checking.networks import ask, ask_counts, block_in_place_of, hint_where_it_raises

OK_FORMAT = False
name = "q3_mbconv"
points = 8

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")


ROUNDED = "Right for 16 channels. A quarter that is no whole number is rounded down: in_channels // 4."


@test_case(points=1)
def shapes(MBConv):
    padded = "The padding is (kernel − 1)/2 on every side."
    for sizes, image, expected in (
        ((16, 24, 3, 2, 6), (2, 16, 8, 8), (2, 24, 4, 4)),
        ((8, 8, 5, 2, 1), (2, 8, 9, 8), (2, 8, 5, 4)),
        ((24, 24, 5, 1, 6), (2, 24, 8, 6), (2, 24, 8, 6)),
        ((8, 16, 3, 1, 4), (2, 8, 5, 5), (2, 16, 5, 5)),
    ):
        n, channels, height, width = expected
        hints = {
            (n, channels, height - 1, width - 1): padded,
            (n, channels, height - 2, width - 2): padded,
            (n, channels, height - 4, width - 4): padded,
            (n, channels, *image[2:]): "Where does the block stride?",
            (n, channels, (height + 1) // 2, (width + 1) // 2): "Which convolution strides? Only one of them.",
        }
        given = ask(MBConv, sizes, {}, 1, image)
        expect_equal(given["shape"], expected, hints, what=f"the shape for MBConv{sizes} and an input of {image}")


@test_case(points=0.5)
def parameters_of_one_block(MBConv):
    hints = {
        9864: "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?",
        6390: "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?",
        5136: "Where is squeeze-and-excitation?",
        5356: "Squeeze-and-excitation works on the expanded channels, before the projection.",
        6220: "No convolution outside squeeze-and-excitation has a bias.",
        88084: "The 3 × 3 convolution is depthwise.",
        5572: "Which convolutions are followed by a BatchNorm?",
        5620: "Which convolutions are followed by a BatchNorm?",
        5812: "Which convolutions are followed by a BatchNorm? Each has its own.",
        5956: "Which convolutions are followed by a BatchNorm? The projection, too.",
        5904: "Both convolutions of squeeze-and-excitation have a bias.",
        5988: "Each BatchNorm stands behind its convolution, not before it.",
        6436: "Where the shapes differ there is no shortcut, not even a convolution.",
        6388: "Where the shapes differ there is no shortcut, not even a convolution.",
        6412: "Where the shapes differ there is no shortcut, not even a convolution.",
        10324: "As many groups as channels that come into this convolution.",
        8980: "What is multiplied by the ratio? The channels that come in.",
        0: "Layers are attributes of the module: those in a plain list or dict are not found.",
    }
    counted = ask_counts(MBConv, (16, 24, 3, 2, 6), {}).get("parameters")
    expect_equal(counted, 6004, hints, what="the parameters of MBConv(16, 24, 3, 2, 6)")


@test_case(points=0)
def the_same_output_as_that_of_torchvision(MBConv):
    """Both get the same weights and the same input, and must give the same output."""
    from scalelab.checking.networks import expect_own_parts, expect_same, expect_usual_momentum, right

    expect_own_parts(MBConv(8, 8, 3, 1, 1), withheld)
    inner = (
        "All layers with weights are right. What stands between them: is there SiLU after expansion and depthwise, "
        "none after the projection, the gates before the projection, and BatchNorm right after a convolution?"
    )
    residual = "Right where nothing is added. Where stride is 1 and the channels stay as many, the input is added."
    for sizes, shape, hint in (
        ((16, 24, 3, 1, 4), (2, 16, 6, 6), inner),
        (
            (8, 12, 3, 1, 1),
            (2, 8, 5, 5),
            "Right with an expansion. Where the ratio is 1 there is no expansion convolution.",
        ),
        ((8, 12, 5, 2, 3), (2, 8, 9, 7), "Right at stride 1. Which convolution has the stride, and which padding?"),
        ((12, 12, 3, 1, 4), (2, 12, 6, 6), residual),
        ((3, 3, 3, 1, 2), (2, 3, 5, 5), "Right for many channels. How many channels are a quarter of fewer than four?"),
        ((11, 5, 3, 1, 2), (2, 11, 5, 5), ROUNDED),
    ):
        what = f"the output of MBConv{sizes} for {shape}"

        wanted = right(theirs, sizes, {}, 1, shape)
        explain = lambda given, wanted=wanted, hint=hint: None if given["layers"] != wanted["layers"] else hint  # noqa: E731
        given = ask(MBConv, sizes, {}, 1, shape)
        expect_same(given, wanted, explain, what=what)
        expect_usual_momentum(given)


@test_case(points=0)
def a_quarter_of_the_branches_dropped(MBConv):
    """64 copies of one image in training mode: each comes out as it came in, or with 4/3 of its branch."""
    from scalelab.checking.networks import close

    shape, sizes = (64, 4, 3, 3), (4, 4, 3, 1, 3)

    def rows(rate, *modes):
        values = ask(MBConv, sizes, {"drop_path": rate}, 1, shape, "alike", *modes)["values"]
        return [values[start : start + 36] for start in range(0, len(values), 36)]

    (image,) = {tuple(row) for row in rows(0.0, "silent")}
    undropped = rows(0.0)[0]
    if not close(rows(0.25)[0], undropped):
        raise Unexpected(
            "in evaluation mode drop_path=0.25 changes the output", "In evaluation mode nothing is dropped."
        )
    outputs = rows(0.25, "training")
    if all(close(row, undropped) for row in outputs):
        raise Unexpected("in training mode drop_path=0.25 changes nothing", "In training mode no branch is dropped.")
    if all(close(row, outputs[0]) for row in outputs):
        raise Unexpected("all 64 copies come out alike", "Each image of a batch has its own luck.")

    def all_are(share):
        """Whether each copy is the image alone, or the image and so much of its branch."""
        kept = [before + share * (after - before) for before, after in zip(image, undropped, strict=True)]
        return all(close(row, list(image)) or close(row, kept) for row in outputs)

    if all_are(4):
        told = "drop_path is the chance to be dropped, not the chance to stay."
        raise Unexpected("drop_path=0.25 keeps a quarter of the branches", told)
    if all_are(1):
        told = "What is kept is divided by 1 − drop_path, so that the mean stays what it was."
        raise Unexpected("the branches that are kept are not rescaled", told)
    if not all_are(4 / 3):
        told = "A branch is dropped whole, or kept and divided by 1 − drop_path; the image itself always stays."
        raise Unexpected("some copy is neither the image alone nor the image and 4/3 of its branch", told)


@test_case(points=0)
def nothing_dropped_without_a_residual(MBConv):
    from scalelab.checking.networks import close

    shape, sizes = (32, 4, 3, 3), (4, 6, 3, 1, 2)
    training, evaluated = (
        ask(MBConv, sizes, {"drop_path": 0.5}, 1, shape, "alike", *modes)["values"] for modes in (("training",), ())
    )
    if not close(training, evaluated):
        told = "A block without a residual connection drops nothing, or nothing at all would be left."
        raise Unexpected("a block whose channels change drops images", told)
