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


# ---- hidden: nothing below this line reaches a student ----


MB_CONV = """
import torch
from torch import nn


def convolution(inputs, outputs, kernel=1, stride=1, groups=1):
    plain = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False)
    return nn.Sequential(plain, nn.BatchNorm2d(outputs))


class MBConv(nn.Module):
    # by the contract's names: a network may call it by them
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0):
        super().__init__()
        inputs, outputs, ratio = in_channels, out_channels, expand_ratio
        expanded = inputs * ratio
        squeezed = max(1, inputs // 4)
        self.expand = convolution(inputs, expanded) if ratio != 1 else None
        self.depthwise = convolution(expanded, expanded, kernel, stride, expanded)
        self.down, self.up = nn.Conv2d(expanded, squeezed, 1), nn.Conv2d(squeezed, expanded, 1)
        self.project = convolution(expanded, outputs)
        self.adds = stride == 1 and inputs == outputs
        self.drop_path = drop_path

    def forward(self, maps):
        silu = nn.functional.silu
        inner = silu(self.expand(maps)) if self.expand is not None else maps
        inner = silu(self.depthwise(inner))
        gates = torch.sigmoid(self.up(silu(self.down(inner.mean((2, 3), keepdim=True)))))
        branch = self.project(inner * gates)
        if not self.adds:
            return branch
        if self.training and self.drop_path:
            kept = torch.rand(len(maps), 1, 1, 1, device=maps.device) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return maps + branch
"""

# Here, where no student sees it: the public cases have a spare, too.
block_in_place_of("MBConv", MB_CONV)(b0_gives_logits.test_func)
block_in_place_of("MBConv", MB_CONV)(b0_has_its_published_parameters.test_func)

# width, depth and resolution of B0 to B7
VARIANTS = [(1.0, 1.0, 224), (1.0, 1.1, 240), (1.1, 1.2, 260), (1.2, 1.4, 300)]
VARIANTS += [(1.4, 1.8, 380), (1.6, 2.2, 456), (1.8, 2.6, 528), (2.0, 3.1, 600)]

MISTAKES = {
    "expanded": "Squeeze-and-excitation squeezes to a quarter of the block's input channels, not of the expanded ones.",
    "gateless": "Where is squeeze-and-excitation?",
    "biased": "No convolution outside squeeze-and-excitation has a bias.",
    "expanded by one": "Where the expansion ratio is 1 there is no expansion convolution.",
    "small kernels": "Some stages have kernels of 5.",
    "depth ignored": "What does the depth do?",
    "cut repeats": "A part of a layer more: is it kept or dropped?",
    "rounded repeats": "Which way are repeats rounded? A stage may get deeper by it, never shallower.",
    "fixed head": "The head grows with the network: it has 4 times the channels of the last stage.",
    "reference head": "The head has 4 times the channels of the last stage, not 1280 scaled on its own.",
    "cut channels": "Channels are whole multiples of 8.",
    "floored channels": "Cutting off is not rounding: which multiple of 8 is nearest?",
    "raised channels": "Always upwards? Which multiple of 8 is nearest?",
    "no tenth": "Rounding may not lose more than a tenth of the channels.",
    "small tenth": "Up to a tenth of the channels may be lost by rounding.",
    "gained tenth": "Rounding may not lose more than a tenth; it may gain more.",
    "even halves": "Half-way between two multiples of 8 the larger one is taken.",
    "nearly whole repeats": "A part of a layer more, however small, is a layer more.",
    "low floor": "A narrow network, too, has at least 8 channels in each layer.",
    "fixed stem": "The stem grows with the width, too.",
    "no bias": "The classifier has a bias.",
}


def round_channels(channels, width, mistake=""):
    product = channels * width
    if mistake == "cut channels":
        return int(product)
    near = int(product + {"floored channels": 0, "raised channels": 7.999}.get(mistake, 4)) // 8 * 8
    near = max(4 if mistake == "low floor" else 8, 8 * round(product / 8) if mistake == "even halves" else near)
    if mistake == "gained tenth" and near > max(8, 1.1 * product):
        return near - 8
    least = {"no tenth": 0, "floored channels": 0, "small tenth": 0.95}.get(mistake, 0.9)
    return near + 8 if near < least * product else near


def round_repeats(repeats, depth, mistake=""):
    from math import ceil

    if mistake == "depth ignored":
        return repeats
    if mistake == "rounded repeats":
        return max(1, round(repeats * depth))
    if mistake == "nearly whole repeats":
        return max(1, int(repeats * depth + 0.9))
    return max(1, int(repeats * depth)) if mistake == "cut repeats" else ceil(repeats * depth)


def cost(width, depth, resolution=224, classes=1000, mistake=""):
    """Parameters and multiply-adds by closed form; with one of MISTAKES, what that comes to."""
    from scalelab.b0 import B0

    def convolution(inputs, outputs, kernel=1, groups=1):
        biases = outputs if mistake == "biased" else 0
        weights = inputs // groups * outputs * kernel**2
        return weights + biases + 2 * outputs, weights

    stem = 32 if mistake == "fixed stem" else round_channels(32, width, mistake)
    side = -(-resolution // 2)
    parameters, weights = convolution(3, stem, 3)
    macs = weights * side**2
    inputs = stem
    for ratio, kernel, first_stride, _, channels, repeats in B0:
        outputs = round_channels(channels, width, mistake)
        kernel = 3 if mistake == "small kernels" else kernel
        for index in range(round_repeats(repeats, depth, mistake)):
            stride = first_stride if index == 0 else 1
            expanded = inputs * ratio
            if ratio != 1 or mistake == "expanded by one":
                count, weights = convolution(inputs, expanded)
                parameters, macs = parameters + count, macs + weights * side**2
            side = -(-side // stride)
            for count, weights in (convolution(expanded, expanded, kernel, expanded), convolution(expanded, outputs)):
                parameters, macs = parameters + count, macs + weights * side**2
            squeezed = max(1, (expanded if mistake == "expanded" else inputs) // 4)
            if mistake != "gateless":
                parameters += 2 * expanded * squeezed + expanded + squeezed
                macs += 2 * expanded * squeezed
            inputs = outputs
    head = {"fixed head": 1280, "reference head": round_channels(1280, width)}.get(mistake, 4 * inputs)
    count, weights = convolution(inputs, head)
    last = (head + (mistake != "no bias")) * classes
    return parameters + count + last, macs + weights * side**2 + head * classes


def misread(width, depth):
    """Which width and depth a network may have in the place of those that were asked for, and what to say of it."""
    return {
        (depth, width): "Which of the two scales the channels, and which the repeats?",
        (width, 1.0): "What does the depth do?",
        (1.0, depth): "What does the width do?",
        (1.0, 1.0): "What do width and depth do?",
    }


def hints_of_parameters(width, depth, classes=1000):
    """What each mistake would come to: {parameters: hint}."""
    count = cost(width, depth, classes=classes)[0]
    wrong = {cost(*sizes, classes=classes)[0]: hint for sizes, hint in misread(width, depth).items()}
    wrong |= {cost(width, depth, classes=classes, mistake=mistake)[0]: hint for mistake, hint in MISTAKES.items()}
    return {number: hint for number, hint in wrong.items() if number != count}


def hints_of_macs(width, depth, resolution):
    """The same of multiply-adds."""
    macs = cost(width, depth, resolution)[1]
    wrong = {cost(width, depth, resolution, mistake=mistake)[1]: hint for mistake, hint in MISTAKES.items()}
    return {number: hint for number, hint in wrong.items() if number != macs}


SILU = "SiLU stands after the stem's BatchNorm, and after the head's."
NORM = "A BatchNorm is missing after a convolution: that of the stem, or of the head?"

SLIPS = {
    **{f"{place} {kind}": SILU for place in ("stem", "head", "both") for kind in ("ReLU", "Identity")},
    "stem padding": "The padding is (kernel − 1)/2 on every side: that of the stem, too.",
    "head pool": "Before the classifier each channel is averaged over all positions.",
    "both bias": "No convolution outside squeeze-and-excitation has a bias.",
    **{f"{place} norm": NORM for place in ("stem", "head", "both")},
    "head softmax": "Those are probabilities: logits are the numbers before any softmax.",
}
"""Where, and which mistake → what to say of it. Each costs B0's case, and none of those about other properties."""


def build(width, depth, num_classes=1000, stem_stride=2, slip="", schedule=None, rate=0.0):
    """torchvision's own EfficientNet.

    slip: one of SLIPS, that it has. schedule: where one of SCHEDULES is given, nothing is dropped: in training, block i
    of n has its branch divided by 1 − SCHEDULES[schedule](rate, i, n).
    """
    from torchvision.models import efficientnet

    made = theirs(width, depth, num_classes, stem_stride)
    if slip:
        put_in(made, *slip.split())
    if schedule is not None:
        blocks = [part for part in made.modules() if isinstance(part, efficientnet.MBConv)]
        for index, block in enumerate(blocks):
            block.stochastic_depth = Divided(1 - SCHEDULES[schedule](rate, index, places_in_stages(depth)))
    return made


def put_in(network, place, mistake):
    from torch import nn

    for part in {"stem": [0], "head": [-1], "both": [0, -1]}[place]:
        layers = network.features[part]
        if mistake in ("ReLU", "Identity"):
            layers[2] = getattr(nn, mistake)()
        elif mistake == "padding":
            layers[0].padding = (0, 0)
        elif mistake == "bias":
            layers[0].bias = nn.Parameter(layers[0].weight.new_zeros(layers[0].out_channels))
        elif mistake == "norm":
            layers[1] = nn.Identity()
    if mistake == "pool":
        network.avgpool = nn.AdaptiveMaxPool2d(1)
    if mistake == "softmax":
        network.classifier.append(nn.Softmax(-1))


def Divided(divisor):
    from torch import nn

    class Division(nn.Module):
        def forward(self, branch):
            return branch / divisor if self.training else branch  # it is filled in evaluation mode

    return Division()


@remembered
def reference(seed, shape, sizes, *modes):
    from scalelab.checking.networks import right

    return right(build, sizes, {}, seed, shape, *modes)


def likely_slips(given, wanted):
    """Those of SLIPS that may lie between two lists of layers: a reference for each takes its time."""

    def convolutions(layers):
        return [layer._replace(padding=0, bias=False) for layer in layers if layer.kind == "convolution"]

    if convolutions(given) != convolutions(wanted):
        return []
    if len(given) != len(wanted):
        return [slip for slip in SLIPS if slip.endswith("norm")]
    if [layer.bias for layer in given] != [layer.bias for layer in wanted]:
        return ["both bias"]
    return [slip for slip in SLIPS if not slip.endswith(("norm", "bias"))]


def compare(EfficientNet, options, seed, shape, forgives=True):
    """forgives: whether one of SLIPS costs nothing here."""
    from scalelab.checking.networks import alike, close, expect_same, layers_of, parameters_of

    width, depth = options.get("width", 1.0), options.get("depth", 1.0)
    classes, stride = options.get("num_classes", 1000), options.get("stem_stride", 2)
    sizes = (width, depth, classes, stride)
    wanted = reference(seed, shape, sizes)
    given = ask(EfficientNet, (), options, seed, shape)

    def slips():
        return likely_slips(layers_of(given), layers_of(wanted))

    def with_slip(slip):
        return reference(seed, shape, (*sizes, slip))

    def explain(given):
        slip = next((one for one in slips() if alike(given, with_slip(one))), None)
        if slip:
            return SLIPS[slip]
        if given["shape"] == [shape[0], 1000] != wanted["shape"]:
            return "How many logits? That is the caller's choice: num_classes."
        if given["shape"] == wanted["shape"] and not close(
            ask(EfficientNet, (), options, seed, shape)["values"], given["values"]
        ):
            return "In evaluation mode the network gives something else each time: does dropout stop there?"
        return hints_of_parameters(width, depth, classes).get(parameters_of(layers_of(given)))

    def forgiven():
        if forgives:
            yield from map(with_slip, slips())

    expect_same(given, wanted, explain, what="the logits", forgiven=forgiven())


SMALL = {"width": 0.25, "depth": 0.25}
"""Of a network that takes a third of B0's time to be built, filled and run."""


def on_a_small_one_first(check, small=SMALL, final=()):
    """`check` of a small network; where that fails, of B0, and its verdict counts.

    So a mistake about width or depth costs nothing here, and whoever makes none is not waited for. final: hints of
    mistakes that B0 hides.
    """
    from scalelab.checking.networks import is_the_students

    try:
        check(small)
    except Exception as found:
        if not is_the_students(found) or getattr(found, "hint", None) in final:
            raise
        check({})


def compare_variant(EfficientNet, variant):
    width, depth, _ = VARIANTS[variant]
    draw = rng(f"q3_net:B{variant}")
    images = 2 if variant == 0 else 1
    shape = (images, 3, draw.randrange(33, 41), draw.randrange(33, 49))  # 2 × 2 pixels are left for the last stages
    compare(EfficientNet, {"width": width, "depth": depth}, draw.randrange(2**31), shape, forgives=variant > 0)


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def b0_as_torchvision_computes_it(EfficientNet):
    from scalelab.checking.networks import expect_usual_momentum

    compare_variant(EfficientNet, 0)
    expect_usual_momentum(ask(EfficientNet, (), SMALL, 1, (1, 3, 33, 33)))


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def b1_as_torchvision_computes_it(EfficientNet):
    compare_variant(EfficientNet, 1)


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def b2_as_torchvision_computes_it(EfficientNet):
    compare_variant(EfficientNet, 2)


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def b3_as_torchvision_computes_it(EfficientNet):
    compare_variant(EfficientNet, 3)


def draw_width(draw, low, high):
    """A width at which those mistakes show that do not show at every one."""
    mistakes = ["fixed stem", "reference head", "cut channels", "floored channels", "raised channels"]
    mistakes += ["no tenth", "small tenth", "gained tenth"] if low < 1 else []
    while True:
        width = draw.uniform(low, high)
        if all(cost(width, 0.25) != cost(width, 0.25, mistake=one) for one in mistakes):
            return width


def draw_depth(draw, low, high):
    """A depth at which each wrong way to round shows: at some, rounding up and rounding to the nearest are the same.

    No stage comes near to a whole number of repeats: at the depths of TELLING some do.
    """
    while True:
        depth = draw.uniform(low, high)
        if all(0.15 < repeats * depth % 1 < 0.85 for repeats in (1, 2, 3, 4)) and all(
            cost(1, depth) != cost(1, depth, mistake=one) for one in ("cut repeats", "rounded repeats")
        ):
            return depth


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def of_any_width(EfficientNet):
    draw = rng("q3_net:width")
    for low, high in ((0.25, 0.6), (1.25, 1.6)):
        options = {"width": draw_width(draw, low, high), "depth": 0.25}
        compare(EfficientNet, options, draw.randrange(2**31), (1, 3, 40, 36))
    narrow = rng("q3_net:narrow")  # where 16 channels come to less than 4, which round to none
    options = {"width": narrow.uniform(0.1, 0.135), "depth": 0.25}
    compare(EfficientNet, options, narrow.randrange(2**31), (1, 3, 40, 36))


@test_case(points=0.5, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def of_any_depth(EfficientNet):
    draw = rng("q3_net:depth")  # B1 to B3 are deeper than B0: here it is shallower
    compare(EfficientNet, {"depth": draw.uniform(0.39, 0.42)}, draw.randrange(2**31), (1, 3, 40, 36))


@test_case(points=0.5, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def other_classes(EfficientNet):
    draw = rng("q3_net:classes")
    options, seed = {"num_classes": draw.randrange(3, 60)}, draw.randrange(2**31)
    on_a_small_one_first(lambda size: compare(EfficientNet, options | size, seed, (1, 3, 40, 36)))


@test_case(points=0.5, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def a_stem_that_keeps_the_size(EfficientNet):
    draw = rng("q3_net:stem")
    seed, shape = draw.randrange(2**31), (1, 3, 18, draw.randrange(17, 24))
    on_a_small_one_first(lambda size: compare(EfficientNet, {"stem_stride": 1} | size, seed, shape))


# Half-way between two multiples of 8, more than a tenth gained, and repeats that are hardly more than whole.
TELLING = ((1.25, 1.0), (0.84, 1.0), (1.0, 1.02), (1.0, 1.001))


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def parameters_of_small_and_large_variants(EfficientNet):
    from functools import partial

    draw = rng("q3_net:parameters")
    drawn = [(draw_width(draw, low, high), draw_depth(draw, low, high)) for low, high in ((0.3, 1), (1, 2))]
    for width, depth in (*TELLING, *drawn):
        counted = ask_counts(EfficientNet, (), {"width": width, "depth": depth}).get("parameters")
        hints = partial(hints_of_parameters, width, depth)
        expect_equal(counted, cost(width, depth)[0], hints, what="the parameters")


@test_case(points=0.5, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def multiply_adds_of_even_and_odd_sizes(EfficientNet):
    from functools import partial

    resolution = 75  # which becomes 38, 19, 10, 5 and 3
    counted = ask_counts(EfficientNet, (), SMALL, (1, 3, resolution, resolution)).get("macs")
    hints = partial(hints_of_macs, **SMALL, resolution=resolution)
    expect_equal(counted, cost(**SMALL, resolution=resolution)[1], hints, what="the multiply-adds")


OF_B0 = "n counts the blocks of this network: how many are left where depth is another?"
UNROUNDED = "n counts the blocks that there are: the repeats of each stage are rounded before they are added up."

FEW_BLOCKS = {"width": 0.25, "depth": 0.5}
"""Of a small network in which three blocks have a residual connection."""

SCHEDULES = {
    "": lambda rate, i, places: rate * i / len(places),
    "In training mode no branch is dropped.": lambda rate, i, places: 0.0,
    "drop_path grows with the block's place: it is not the same for all.": lambda rate, i, places: rate,
    "The last block does not have all of drop_path: block i of n, from 0, has drop_path · i/n.": (
        lambda rate, i, places: rate * i / (len(places) - 1)
    ),
    OF_B0: lambda rate, i, places: min(rate, rate * i / 16),
    UNROUNDED: lambda rate, i, places: rate * i / (16 * FEW_BLOCKS["depth"]),
    "The first block drops nothing: blocks count from 0.": lambda rate, i, places: rate * (i + 1) / len(places),
    "The first block drops least, and the last one most.": lambda rate, i, places: rate * (1 - i / len(places)),
    "Blocks are counted through all stages, not in each stage anew.": (
        lambda rate, i, places: rate * places[i] / len(places)
    ),
    "drop_path grows from block to block: it is blocks that are counted, not stages.": (
        lambda rate, i, places: rate * places[: i + 1].count(0) / 7 - rate / 7
    ),
}
"""Hint → how often block i drops its branch, by every block's place in its own stage: the right rule first."""


def places_in_stages(depth):
    """Each block's place in its own stage."""
    from scalelab.b0 import B0

    return [place for *_, repeats in B0 for place in range(round_repeats(repeats, depth))]


def check_schedule(EfficientNet, size, options, rate, hint, seed, images, schedules=()):
    """That blocks drop their branches by the rule: where every branch is kept, the output says by how much each was
    divided, and so how often it is dropped. images: so many that one at least keeps every branch, but for one run in a
    million. schedules: wrong ones, to be told of.
    """
    from math import prod

    from scalelab.checking.networks import close

    width, depth = size.get("width", 1.0), size.get("depth", 1.0)
    places = places_in_stages(depth)
    shape = (images, 3, 33, 33)  # of smaller ones less is left than kernels of 5 reach over, which takes torch long

    def whole(schedule, slip=""):
        sizes = (width, depth, 8, 2, slip, schedule, rate)
        return reference(seed, (1, *shape[1:]), sizes, "training", "alike")["values"]

    options = {"num_classes": 8, "dropout": 0.0} | size | options
    values = ask(EfficientNet, (), options, seed, shape, "training", "alike")["values"]
    outputs = [values[start : start + 8] for start in range(0, len(values), 8)]
    likely = prod(1 - rate * index / len(places) for index, place in enumerate(places) if place)  # they add

    def undropped(slip):
        wanted = whole("", slip)
        return sum(close(output, wanted) for output in outputs)

    kept = undropped("") or undropped("head pool")  # which costs B0's case, and not this one
    good = len(outputs) == images and abs(kept - likely * images) < 6 * (images * likely * (1 - likely)) ** 0.5
    if kept == 0:
        hint = next((one for one in schedules if any(close(output, whole(one)) for output in outputs)), hint)
    expect_equal(good and kept > 0, True, {False: hint}, what="whether drop path follows the schedule")


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def later_blocks_drop_more(EfficientNet):
    draw = rng("q3_net:drop")
    high, low = draw.uniform(0.25, 0.4), draw.uniform(0.1, 0.15)  # few blocks keep all branches more often than many
    seeds = draw.randrange(2**31), draw.randrange(2**31)
    schedules = [one for one in SCHEDULES if one]

    def check(size):
        rate = high if size else low
        hint = "Block i of n, counted from 0 through all stages, drops its branch with probability drop_path · i/n."
        check_schedule(EfficientNet, size, {"drop_path": rate}, rate, hint, seeds[0], 24, schedules)
        hint = "How much is dropped where the caller says nothing of drop_path?"
        check_schedule(EfficientNet, size, {}, 0.2, hint, seeds[1], 16 if size else 32)

    on_a_small_one_first(check, FEW_BLOCKS, (OF_B0, UNROUNDED))


@test_case(points=1, hidden=True)
@block_in_place_of("MBConv", MB_CONV)
def dropout_in_training_alone(EfficientNet):
    draw = rng("q3_net:dropout")
    seed, rates = draw.randrange(2**31), (draw.uniform(0.15, 0.25), draw.uniform(0.5, 0.6))
    on_a_small_one_first(lambda size: check_dropout(EfficientNet, {"depth": 0.25} | size, seed, rates))


def check_dropout(EfficientNet, size, seed, rates):
    """That dropout acts in training alone, on what goes into the classifier, keeps the mean and follows `rates`."""
    from collections import Counter
    from statistics import fmean

    from scalelab.checking.networks import close

    images, classes = 16, 200

    def variance(column):  # that of statistics adds up exact fractions
        mean = fmean(column)
        return sum((value - mean) ** 2 for value in column) / (len(column) - 1)

    def columns(rate, images, *modes, side=32):
        """The logits class by class, of so many copies of one image."""
        options = size | {"num_classes": classes, "drop_path": 0.0} | ({} if rate is None else {"dropout": rate})
        values = ask(EfficientNet, (), options, seed, (images, 3, side, side), "alike", *modes)["values"]
        return [values[start::classes] for start in range(classes)]

    few, many = rates
    calm, little, much = columns(few, 4), columns(few, images, "training"), columns(many, images, "training")
    first, *others = zip(*calm, strict=True)  # image by image: one logit alone may be no more than rounding
    still = all(close(list(other), list(first)) for other in others)
    expect_equal(still, True, {False: "In evaluation mode nothing is dropped out."}, what="whether evaluation is calm")
    hint = "Dropout acts on what goes into the classifier, not on the logits."
    zeros = fmean(value == 0 for column in much for value in column)
    expect_equal(zeros < 0.1, True, {False: hint}, what="whether the logits themselves are kept")
    spreads = [fmean(map(variance, columns)) for columns in (little, much)]
    none = "In training mode nothing is dropped out of what goes into the classifier."
    expect_equal(min(spreads) > 0, True, {False: none}, what="whether dropout acts in training")
    off = fmean((fmean(one) - own[0]) ** 2 / (variance(one) / images) for one, own in zip(much, calm, strict=True))
    hint = "Dropout keeps the mean: what stays is rescaled."  # classes are not independent: 2 was too little
    expect_equal(off < 4, True, {False: hint}, what="whether dropout keeps the mean")
    wanted = many / (1 - many) / (few / (1 - few))
    hint = "How much is dropped out is the caller's choice: `dropout`."
    followed = 0.75 < spreads[1] / spreads[0] / wanted < 1.33
    expect_equal(followed, True, {False: hint}, what="whether dropout follows its rate")
    usual = fmean(map(variance, columns(None, images, "training"))) / spreads[0] * few / (1 - few) / 0.25
    hint = "How much is dropped out where the caller says nothing of dropout?"
    expect_equal(0.75 < usual < 1.33, True, {False: hint}, what="whether dropout is 0.2 by default")
    width = size.get("width", 1.0)
    wanted = reference(seed, (4, 3, 32, 32), (width, size["depth"], classes, 2), "alike")["values"]
    if not close([value for row in zip(*calm, strict=True) for value in row], wanted):
        return  # what is wrong has cost points elsewhere, and may leave another number of channels
    # Of all channels one is left on the average, and none in 37 of 100 images. Of four positions each, one in fifty.
    channels = 4 * round_channels(320, width)
    rows = Counter(zip(*columns(1 - 1 / channels, 100, "training", side=33), strict=True))
    hint = "One dropout acts, on the channels that were averaged: is it there once, and behind the pooling?"
    expect_equal(14 <= max(rows.values()) <= 60, True, {False: hint}, what="whether dropout drops whole channels once")
