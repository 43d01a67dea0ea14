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


# ---- hidden: nothing below this line reaches a student ----


SQUEEZE_EXCITE = """
import torch
from torch import nn


class SqueezeExcite(torch.nn.Module):
    def __init__(self, channels: int, squeezed_channels: int):  # a block may name them
        super().__init__()
        self.down = nn.Conv2d(channels, squeezed_channels, 1)
        self.up = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, maps):
        pooled = maps.mean((2, 3), keepdim=True)
        return maps * torch.sigmoid(self.up(nn.functional.silu(self.down(pooled))))
"""

# Here, where no student sees it: the public cases have a spare, too.
block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)(shapes.test_func)
block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)(parameters_of_one_block.test_func)


ACTIVATION = "Which activation function stands after expansion and depthwise convolution? "
BIAS = "No convolution outside squeeze-and-excitation has a bias."
EPS = "BatchNorm has another eps than PyTorch's default."
LINEAR = "The projection has no activation function: it is linear."
NO_RESIDUAL = "Residual connection: the block's input is added where stride and channels allow it."
OF_EXPANDED = "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?"
OF_OUTGOING = "To how many channels? A quarter of which number? Not of those that go out."
UPWARDS = "Squeeze-and-excitation: a quarter that is no whole number is rounded down."
TO_EIGHTS = "Squeeze-and-excitation: a quarter of the channels, whether or not it is a multiple of 8."

KINDS = ("SiLU, not ReLU.", "SiLU, not ReLU6.", "SiLU, not its hard cousin.", "SiLU, not GELU.")
SLIPS = [*(ACTIVATION + kind for kind in KINDS), BIAS, EPS, LINEAR, OF_EXPANDED, OF_OUTGOING, UPWARDS, TO_EIGHTS]
"""Hints of what costs its points in some cases, and nothing in those about other things."""


def build(in_channels, out_channels, kernel, stride, ratio, mistake=None):
    """torchvision's own block, for any channels; with a mistake of `mistakes` where one is named."""
    made = theirs(in_channels, out_channels, kernel, stride, ratio)
    if mistake is not None:
        mistakes()[mistake](made, config_of(in_channels, out_channels, kernel, stride, ratio))
    return made


def mistakes():
    """Hint → a function that makes the mistake in a right block."""
    from torch import nn
    from torchvision.ops import SqueezeExcitation

    def parts(made, kind):
        return [part for part in made.modules() if isinstance(part, kind)]

    def swap(old, new, place=None):
        def act(made, config):
            pairs = [(whole, name) for whole in made.modules() for name, part in whole.named_children()
                     if isinstance(part, old) and not isinstance(whole, SqueezeExcitation)]  # fmt: skip
            for whole, name in pairs if place is None else pairs[place : place + 1 or None]:
                setattr(whole, name, new(getattr(whole, name)))

        return act

    def convolution(**changes):
        def change(old):
            options = {"kernel_size": old.kernel_size, "stride": old.stride, "padding": old.padding}
            options |= {"groups": old.groups, "bias": False} | changes
            return nn.Conv2d(old.in_channels, old.out_channels, **options)

        return change

    def excite(config, channels):
        return SqueezeExcitation(channels, max(1, config.input_channels // 4), activation=nn.SiLU)

    def excite_last(made, config):
        blocks = list(made.block)
        made.block = nn.Sequential(*blocks[:-2], blocks[-1], excite(config, config.out_channels))

    def excite_first(made, config):
        *front, depthwise, gate, projection = made.block
        made.block = nn.Sequential(*front, gate, depthwise, projection)

    def squeeze_to(number):
        def act(made, config):
            expanded = config.input_channels * config.expand_ratio
            made.block[-2] = SqueezeExcitation(expanded, number(config), activation=nn.SiLU)

        return act

    def expand_by_one(made, config):
        channels = config.input_channels
        first = [nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()]
        made.block = nn.Sequential(*first, *made.block)

    def activate_last(made, config):
        made.block.append(nn.SiLU())

    def norm_last(made, config):
        for place, part in enumerate(made.block):
            if not isinstance(part, SqueezeExcitation) and len(part) == 3:
                convolution, norm, function = part
                made.block[place] = nn.Sequential(convolution, function, norm)

    def few_groups(made, config):
        swap(nn.Conv2d, convolution(groups=config.input_channels), -2)(made, config)

    def residual_of_branch(made, config):
        if made.use_res_connect:
            made.forward = lambda maps: 2 * made.block(maps)

    def all_eps(made, config):
        for norm in parts(made, nn.BatchNorm2d):
            norm.eps = 1e-3

    def stride_at(place):
        def act(made, config):
            if config.stride == 2:
                swap(nn.Conv2d, convolution(stride=1), -2)(made, config)
                swap(nn.Conv2d, convolution(stride=2), place)(made, config)

        return act

    def no_residual(made, config):
        made.use_res_connect = False

    missing = "A BatchNorm is missing: each convolution outside squeeze-and-excitation is followed by one."
    where = "Squeeze-and-excitation stands between the depthwise convolution and the projection."
    return {
        NO_RESIDUAL: no_residual,
        NO_RESIDUAL + " Not what became of it.": residual_of_branch,
        ACTIVATION + "SiLU, not ReLU.": swap(nn.SiLU, lambda old: nn.ReLU()),
        ACTIVATION + "SiLU, not ReLU6.": swap(nn.SiLU, lambda old: nn.ReLU6()),
        ACTIVATION + "SiLU, not its hard cousin.": swap(nn.SiLU, lambda old: nn.Hardswish()),
        ACTIVATION + "SiLU, not GELU.": swap(nn.SiLU, lambda old: nn.GELU()),
        "There is an activation function after the expansion and after the depthwise convolution.": swap(
            nn.SiLU, lambda old: nn.Identity()
        ),
        "There is an activation function after the depthwise convolution, too.": swap(
            nn.SiLU, lambda old: nn.Identity(), -1
        ),
        "There is an activation function after the expansion, too.": swap(nn.SiLU, lambda old: nn.Identity(), 0),
        LINEAR: activate_last,
        where: excite_last,
        where + " Not before the depthwise convolution.": excite_first,
        "Where is squeeze-and-excitation?": swap(SqueezeExcitation, lambda old: nn.Identity()),
        OF_EXPANDED: squeeze_to(lambda config: config.input_channels * config.expand_ratio // 4),
        "Where the expansion ratio is 1 there is no expansion convolution.": expand_by_one,
        BIAS: swap(nn.Conv2d, convolution(bias=True)),
        "The kernel × kernel convolution is depthwise: as many groups as channels.": swap(
            nn.Conv2d, convolution(groups=1), -2
        ),
        "Which convolution strides? The depthwise one, not the expansion.": stride_at(0),
        "Which convolution strides? The depthwise one, not the projection.": stride_at(-1),
        missing: swap(nn.BatchNorm2d, lambda old: nn.Identity()),
        missing + " The projection as well.": swap(nn.BatchNorm2d, lambda old: nn.Identity(), -1),
        missing + " The depthwise one as well.": swap(nn.BatchNorm2d, lambda old: nn.Identity(), -2),
        missing + " The expansion as well.": swap(nn.BatchNorm2d, lambda old: nn.Identity(), 0),
        OF_OUTGOING: squeeze_to(lambda config: max(1, config.out_channels // 4)),
        UPWARDS: squeeze_to(lambda config: -(-config.input_channels // 4)),
        TO_EIGHTS: squeeze_to(lambda config: in_eights(config.input_channels / 4)),
        "BatchNorm stands right behind its convolution, before the activation function.": norm_last,
        "As many groups as channels that come into this convolution, not into the block.": few_groups,
        EPS: all_eps,
    }


@remembered
def reference(sizes, seed, shape):
    from scalelab.checking.networks import right

    try:
        return right(build, sizes, {}, seed, shape)
    except RuntimeError:
        return None  # a mistake that does not fit these sizes


@remembered
def all_mistakes():
    return list(mistakes())


@remembered
def images(seed, shape, alike=False):
    from scalelab.checking.filled import inputs

    return [image.flatten().tolist() for image in inputs(seed, shape, alike)]


def compare(MBConv, sizes, shape, seed, forgiven=()):
    """forgiven: hints of mistakes that cost nothing here."""
    from scalelab.checking.networks import alike, expect_same

    def explain(given):
        for hint in all_mistakes():
            wrong = reference((*sizes, hint), seed, shape)
            if wrong is not None and alike(given, wrong):
                return hint
        return None

    others = (reference((*sizes, one), seed, shape) for one in forgiven)
    expect_same(ask(MBConv, sizes, {}, seed, shape), reference(sizes, seed, shape), explain, forgiven=others)


def in_eights(number):
    """The nearest multiple of 8 that is no tenth below it, as the authors' code rounds channels."""
    near = max(8, int(number + 4) // 8 * 8)
    return near + 8 if near < 0.9 * number else near


VERY_FEW, FEW, MANY = 7, 15, 48
"""Channels. A quarter of the first two is no whole number, nearest to the one above it, odd if cut off, and below 4; of
the last it is whole, and above 8. No number is drawn: what a mistake about the quarter costs is the same every time."""


RAISED = ("RuntimeError", "ValueError", "IndexError", "ZeroDivisionError")
ALWAYS = "Where the stride is 2, or the number of channels changes, nothing is added."


@test_case(points=1, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def without_residual(MBConv):
    draw, few, many = rng("q3_mbconv:without"), FEW, MANY
    compare(MBConv, (few, many, 3, 1, 4), (3, few, 8, 8), draw.randrange(2**31))
    compare(MBConv, (many, few, 3, 1, draw.randrange(2, 6)), (3, many, 6, 6), draw.randrange(2**31))
    compare(MBConv, (few, many, 3, 2, 6), (3, few, 8, 8), draw.randrange(2**31))


@test_case(points=1, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def without_expansion(MBConv):
    draw, few, many = rng("q3_mbconv:ratio"), FEW, MANY
    compare(MBConv, (few, many, 3, 1, 1), (3, few, 8, 8), draw.randrange(2**31), SLIPS)
    compare(MBConv, (many, few, 3, 2, 1), (3, many, 8, 8), draw.randrange(2**31), SLIPS)


@test_case(points=1, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def adds_its_input(MBConv):
    """With a branch that gives zeros, the block gives back its input, whatever else may be wrong with it."""
    from scalelab.checking.networks import close

    draw = rng("q3_mbconv:residual")
    none = "Where the stride is 1 and the channels stay as many, the block's input is added to what comes out."
    for ratio, channels in ((1, FEW), (draw.randrange(2, 7), VERY_FEW)):
        seed, shape = draw.randrange(2**31), (2, channels, 7, 5)
        given = ask(MBConv, (channels, channels, 3, 1, ratio), {}, seed, shape, "silent")
        if given["values"] and not any(given["values"]):
            expect_equal(0, 1, {0: none}, what="what is added to the branch")
        if not close(given["values"], [value for image in images(seed, shape) for value in image]):
            expect_equal(0, 1, {0: none + " Unchanged, and behind everything else."}, what="what the block adds")
        for sizes in ((channels, channels, 3, 2, ratio), (channels, channels + 4, 3, 1, ratio)):
            with hint_where_it_raises(ALWAYS, "RuntimeError"):
                given = ask(MBConv, sizes, {}, seed, shape, "silent")
            if any(given["values"]):
                expect_equal(0, 1, {0: ALWAYS}, what="what is added where the shapes differ")


@test_case(points=0.5, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def residual_and_branch_together(MBConv):
    from scalelab.checking.networks import expect_usual_momentum

    draw = rng("q3_mbconv:together")
    for ratio, channels in ((1, FEW), (6, VERY_FEW)):
        compare(MBConv, (channels, channels, 3, 1, ratio), (3, channels, 8, 8), draw.randrange(2**31))
    narrow = draw.randrange(2, 4)
    with hint_where_it_raises("How many channels are a quarter of fewer than four?", *RAISED):
        compare(MBConv, (narrow, narrow, 3, 1, 6), (3, narrow, 8, 8), draw.randrange(2**31))
    expect_usual_momentum(ask(MBConv, (8, 8, 3, 1, 6), {}, 1, (1, 8, 8, 8)))


@test_case(points=1, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def larger_kernels_and_odd_maps(MBConv):
    draw, few, many = rng("q3_mbconv:kernels"), FEW, MANY
    compare(MBConv, (few, many, 5, 1, 3), (3, few, 9, 7), draw.randrange(2**31), SLIPS)
    compare(MBConv, (few, many, 5, 2, 6), (3, few, 8, 11), draw.randrange(2**31), SLIPS)
    compare(MBConv, (many, few, 3, 2, 2), (3, many, 7, 10), draw.randrange(2**31), SLIPS)
    compare(MBConv, (few, many, 7, 1, 2), (3, few, 9, 9), draw.randrange(2**31), SLIPS)


def parameters(in_channels, out_channels, kernel, ratio, squeezed, expanded=None):
    expanded = expanded or in_channels * ratio
    expansion = expanded * (in_channels + 2) if ratio != 1 else 0
    gates = 2 * expanded * squeezed + expanded + squeezed
    return expansion + expanded * (kernel**2 + 2) + gates + out_channels * (expanded + 2)


@test_case(points=0.5, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def parameters_of_any_block(MBConv):
    draw = rng("q3_mbconv:parameters")
    for ratio, kernel, few, many in ((1, 5, 23, 64), (draw.randrange(3, 7), 3, 47, 80)):
        expanded = few * ratio
        count = parameters(few, many, kernel, ratio, few // 4)
        bare = count - parameters(few, many, kernel, ratio, 0) + expanded
        hints = {
            parameters(few, many, kernel, ratio, expanded // 4): "Squeeze-and-excitation: a quarter of which number?",
            parameters(few, many, kernel, ratio, many // 4): "Squeeze-and-excitation: which quarter is it?",
            parameters(few, many, kernel, ratio, few // 4 + 1): UPWARDS,
            parameters(few, many, kernel, ratio, in_eights(few / 4)): TO_EIGHTS,
            parameters(few, many, kernel, ratio, few // 4, many * ratio): "What is multiplied by the ratio?",
            count + many * (few + 2): "Where the shapes differ there is no shortcut, not even a convolution.",
            count + many * few: "Where the shapes differ there is no shortcut, not even a mere convolution.",
            count - bare: "Where is squeeze-and-excitation?",
            count + many + expanded * (1 + (ratio > 1)): "No convolution outside squeeze-and-excitation has a bias.",
            count + expanded * (few + 2): "Where the expansion ratio is 1 there is no expansion convolution.",
            count + (9 - kernel**2) * expanded: "Is the kernel always the same?",
            count + (expanded - 1) * expanded * kernel**2: "The kernel × kernel convolution is depthwise.",
        }
        counted = ask_counts(MBConv, (few, many, kernel, 1, ratio), {}).get("parameters")
        expect_equal(counted, count, {wrong: hint for wrong, hint in hints.items() if wrong != count}, "the parameters")


IMAGES = 400


def in_training(MBConv, sizes, rate, seed, images, passes=1):
    """What the block gives for so many copies of one image, as lists, and where it never drops anything."""
    shape = (images, sizes[0], 3, 3)
    given = ask(MBConv, sizes, {"drop_path": rate}, seed, shape, "training", "alike", passes=passes)["values"]
    expected = ask(MBConv, sizes, {}, seed, (1, *shape[1:]), "alike")["values"]
    size = len(expected)
    return [given[start : start + size] for start in range(0, len(given), size)], expected


def difference(one, other, factor=1.0):
    return [(left - right) * factor for left, right in zip(one, other, strict=True)]


@test_case(points=1, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def drops_branches_of_whole_images(MBConv):
    from scalelab.checking.networks import close

    draw = rng("q3_mbconv:drop")
    rate, seed = draw.uniform(0.2, 0.35), draw.randrange(2**31)
    outputs, evaluated = in_training(MBConv, (4, 4, 3, 1, 3), rate, seed, IMAGES // 2, passes=2)
    image = images(seed, (1, 4, 3, 3), True)[0]
    branch = difference(evaluated, image)
    added = [difference(output, image) for output in outputs]
    dropped = sum(all(abs(value) < 1e-5 for value in one) for one in added)
    kept = sum(close(one, [value / (1 - rate) for value in branch]) for one in added)
    unscaled = sum(close(one, branch) for one in added)
    hint = "Per image, the branch is either dropped as a whole, or kept and multiplied by 1 / (1 − drop_path)."
    if unscaled == IMAGES:
        hint = "In training mode no branch is dropped."
    elif all(one == added[0] for one in added):
        hint = "Each image of a batch has its own luck."
    elif dropped + unscaled == IMAGES:
        hint = "What is kept is rescaled, so that the mean stays what it was."
    elif dropped + sum(close(one, [value / rate for value in branch]) for one in added) == IMAGES:
        hint = "drop_path is the probability that a branch is dropped, not that it is kept."
    elif any(not any(output) for output in outputs):
        hint = "Only the branch is dropped: the image itself always comes through."
    elif dropped + kept == IMAGES:
        hint = "The probability of dropping is drop_path itself. Does each image of a batch have its own luck?"
    spread = 6 * (IMAGES * rate * (1 - rate)) ** 0.5
    good = dropped + kept == IMAGES == len(outputs) and abs(dropped - rate * IMAGES) < spread
    expect_equal(good, True, {False: hint}, what="whether the branches are dropped by the rule")
    luck = [all(abs(value) < 1e-5 for value in one) for one in added]
    again = {False: "A second batch has its own luck: it is drawn anew at each call, and not always from one seed."}
    expect_equal(
        luck[: IMAGES // 2] != luck[IMAGES // 2 :], True, again, what="whether two batches have their own luck"
    )
    own = {False: "Each image of a batch has its own luck, and shares it with no neighbour."}
    expect_equal(luck[::2] != luck[1::2], True, own, what="whether neighbours have their own luck")
    # Batches of a single image, which one run in a hundred million all keeps.
    alone, _ = in_training(MBConv, (4, 4, 3, 1, 3), rate, seed, 1, passes=80)
    dropped = sum(close(output, image) for output in alone)
    small = {False: "A single image is a batch, too: with drop_path its branch is dropped now and then."}
    expect_equal(0 < dropped < 80 == len(alone), True, small, what="whether a single image has its luck")
    narrow, _ = in_training(MBConv, (4, 4, 3, 1, 1), rate, seed, 80)
    dropped = sum(close(output, image) for output in narrow)
    every = {False: "A block whose expansion ratio is 1 drops its branch as well."}
    expect_equal(0 < dropped < 80 == len(narrow), True, every, what="whether a block without expansion drops any")


@test_case(points=0.5, hidden=True)
@block_in_place_of("SqueezeExcite", SQUEEZE_EXCITE)
def drops_nothing_else(MBConv):
    from scalelab.checking.networks import close

    draw = rng("q3_mbconv:keep")
    rate, seed = draw.uniform(0.3, 0.6), draw.randrange(2**31)
    evaluated = ask(MBConv, (6, 6, 3, 1, 3), {"drop_path": rate}, seed, (40, 6, 4, 4), "alike")["values"]
    plain = ask(MBConv, (6, 6, 3, 1, 3), {}, seed, (40, 6, 4, 4), "alike")["values"]
    hint = "In evaluation mode nothing is dropped and nothing is rescaled."
    expect_equal(close(evaluated, plain), True, {False: hint}, what="whether evaluation leaves the branch alone")
    silent = ask(MBConv, (6, 6, 3, 1, 3), {}, seed, (40, 6, 4, 4), "training", "alike")["values"]
    hint = "Where the caller says nothing of drop_path, nothing is dropped."
    expect_equal(close(silent, plain), True, {False: hint}, what="whether a block without drop_path keeps its branch")
    for sizes in ((6, 9, 3, 1, 2), (6, 6, 3, 2, 2)):
        outputs, evaluated = in_training(MBConv, sizes, rate, seed, 64)  # one of 64 is dropped, or else 1 run in 10^9
        hint = "A block without a residual connection drops nothing, or nothing at all would be left."
        same = all(close(output, evaluated) for output in outputs)
        expect_equal(same, True, {False: hint}, what="whether a block without residual keeps its branch")
