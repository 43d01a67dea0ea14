"""x_own_code: two questions about the student's own MBConv, whose answers the judge finds by running it."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, expect_equal, is_judged, plain, remembered, rng
from scalelab.checking.blocks import theirs
from scalelab.checking.networks import alike, ask, right

OK_FORMAT = False
name = "x_own_code"
points = 2
bonus = True

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")

SIZES, IMAGES = (24, 40, 5, 2, 6), (2, 24, 15, 15)


def name_of(my_depthwise):
    """The name as text; of what is anything else it is told what it is."""
    try:
        read = plain(my_depthwise)
    except NotAValue:
        asked = "The name of the layer is asked for, as text, and not the layer itself."
        raise Unexpected("my_depthwise is no text", asked) from None
    if not isinstance(read, str) or not read:
        raise Unexpected("my_depthwise is no text", 'The name is text, such as "layers.0".')
    return read


def shapes_of(my_shapes):
    """The shapes as lists of whole numbers; of what is anything else it is told what it is."""
    try:
        read = plain(my_shapes)
    except NotAValue:
        raise Unexpected("my_shapes is no list of shapes", "A list of tuples of whole numbers is asked for.") from None
    if not isinstance(read, list) or not read or not all(isinstance(shape, list) and shape for shape in read):
        raise Unexpected("my_shapes is no list of shapes", "A list of tuples is asked for, one for each layer.")
    if not all(type(size) in (int, float) and size > 0 and size % 1 == 0 for shape in read for size in shape):
        raise Unexpected("a shape is not made of sizes", "A shape is a tuple of whole numbers above 0.")
    return [tuple(map(int, shape)) for shape in read]


@test_case(points=0)
def a_name_and_shapes(my_depthwise, my_shapes, MBConv):
    """The form, and whether your block has a layer of that name. What is right is seen after handing in."""
    name, shapes = name_of(my_depthwise), shapes_of(my_shapes)
    if is_judged():
        return
    parts = dict(MBConv(*SIZES).named_modules())
    if name not in parts:
        raise Unexpected(f"your MBConv has no part called {name!r}", "The names are those of block.named_modules().")
    layers = sum(type(part).__name__ in ("Conv2d", "Linear") for part in parts.values())
    if len(shapes) != layers:
        told = f"your MBConv has {layers} layers of these kinds, and my_shapes has {len(shapes)} shapes"
        raise Unexpected(told, "Each nn.Conv2d and each nn.Linear gives one shape, and no other layer does.")


# ---- hidden: nothing below this line reaches a student ----


@remembered
def reference(seed, without):
    """What the block gives when it is right, with a part of it silenced."""
    return right(theirs, SIZES, {}, seed, IMAGES, without=without)


def expect_a_right_block(MBConv, seed):
    if not alike(ask(MBConv, SIZES, {}, seed, IMAGES), reference(seed, "")):
        told = "The two questions are about a block that computes what it should: see what is said of problem 3.b."
        raise Unexpected("this MBConv is not right yet", told)


@test_case(points=1, hidden=True)
def the_layer_of_that_name_is_depthwise(my_depthwise, MBConv):
    """Found by silencing it: the output becomes that of a right block whose depthwise convolution is silent."""
    name, seed = name_of(my_depthwise), rng("x_own_code:name").randrange(2**31)
    expect_a_right_block(MBConv, seed)
    given = ask(MBConv, SIZES, {}, seed, IMAGES, without=name)
    if given.get("named") is not True:
        raise Unexpected("there is no part of that name", "The names are those of block.named_modules().")
    if alike(given, reference(seed, "block.1.0")):
        return
    for part, hint in (
        ("block.0.0", "That is the expansion: which convolution has as many groups as channels?"),
        ("block.2", "That is squeeze-and-excitation: which convolution has as many groups as channels?"),
        (
            "block.3.0",
            "That stands behind it: the convolution itself is asked for, the one with as many groups as channels.",
        ),
    ):
        if alike(given, reference(seed, part)):
            raise Unexpected("another part has that name", hint)
    raise Unexpected("another part has that name", "Which convolution has as many groups as channels?")


@test_case(points=1, hidden=True)
def the_shapes_after_each_layer(my_shapes, MBConv):
    expect_a_right_block(MBConv, rng("x_own_code:shapes").randrange(2**31))
    inside, squeezed = 6 * SIZES[0], SIZES[0] // 4
    wanted = [(2, inside, 15, 15), (2, inside, 8, 8), (2, squeezed, 1, 1), (2, inside, 1, 1), (2, SIZES[1], 8, 8)]
    given = shapes_of(my_shapes)
    if len(given) == 5:  # an nn.Linear gives the same without the last two sizes
        given[2:4] = [(*shape, 1, 1) if len(shape) == 2 else shape for shape in given[2:4]]
    hints = {
        tuple([*wanted[:1], (2, inside, 7, 7), *wanted[2:4], (2, SIZES[1], 7, 7)]): "15 divided by 2 rounds up here.",
        tuple(wanted[:2] + wanted[4:]): "Squeeze-and-excitation has layers, too.",
        tuple((1, *shape[1:]) for shape in wanted): "How many images come in?",
        tuple(shape[1:] for shape in wanted): "How many images come in? Their number is the first size.",
        tuple([(2, inside, 8, 8)] * 2 + wanted[2:]): "Which of the convolutions strides?",
        tuple(sorted(wanted)): "In the order in which they run.",
    }
    expect_equal(given, wanted, hints, what="the shapes after the layers of your MBConv")
