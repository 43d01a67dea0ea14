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
