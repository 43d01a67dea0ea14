"""q3_2: the shape of one batch of the training loader."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, expect_equal, plain

OK_FORMAT = False
name = "q3_2"
points = 3


def is_size(size):
    """Whether that is a whole number above 0; a float such as 128.0 counts as one, and True does not."""
    return type(size) in (int, float) and size > 0 and size % 1 == 0


def sizes_of(batch_shape):
    """The four sizes as a list; what is anything else is told what it is."""
    try:
        sizes = plain(batch_shape)
    except NotAValue:
        other = (
            "That is no tuple. Are these the images themselves? Or is it a function, and a call misses its brackets?"
        )
        raise Unexpected("batch_shape is no plain value", other) from None
    if isinstance(sizes, list) and [type(size) for size in sizes] == [list, list]:
        raise Unexpected("batch_shape holds two lists", "These are two shapes: that of the images alone is asked for.")
    if isinstance(sizes, list) and sizes and isinstance(sizes[0], list):
        raise Unexpected("batch_shape nests", "These are the images themselves: their shape is asked for.")
    if isinstance(sizes, (int, float)):
        raise Unexpected("batch_shape is one number", "That is one number: a batch has four sizes.")
    if sizes is None:
        raise Unexpected("batch_shape is None", "This is None: does a print stand where the shape is to be stored?")
    if isinstance(sizes, str):
        raise Unexpected("batch_shape is text", "This is text: four whole numbers in a tuple are asked for.")
    if not isinstance(sizes, list) or not all(is_size(size) for size in sizes):
        raise Unexpected("batch_shape is no tuple of whole numbers", "Four whole numbers in a tuple are asked for.")
    if len(sizes) == 2:
        flat = "Two sizes: are the images still images, or rows of numbers? (Or is it how many batches there are?)"
        raise Unexpected("batch_shape has two sizes", flat)
    if len(sizes) == 3:
        raise Unexpected("batch_shape has three sizes", "That is the shape of one image: a batch holds many.")
    if len(sizes) == 1:
        raise Unexpected("batch_shape has one size", "Is that the shape of the labels? The images' is asked for.")
    if len(sizes) != 4:
        raise Unexpected("batch_shape has more than four sizes", "A batch of images has four sizes.")
    return sizes


@test_case(points=0.75)
def four_sizes(batch_shape):
    sizes_of(batch_shape)


@test_case(points=0)
def sizes_that_go_with_your_loader(batch_shape, train_loader):
    """Of CIFAR-10 three things are known: 3,000 images in the sample, 32 × 32 pixels, and three colours."""
    images, *image = sizes_of(batch_shape)
    numbers = image[0] * image[1] * image[2]
    if image[1] != image[2]:
        last = "In PyTorch the channels come before height and width, and these images are square."
        raise Unexpected(f"the last two sizes are {image[1]:g} and {image[2]:g}", last)
    if numbers != 3 * 32 * 32:
        told = "An image of CIFAR-10 has 32 × 32 pixels and three colours: is this the shape of such images?"
        raise Unexpected(f"the last three sizes make {numbers:g} numbers, not 3,072", told)
    try:
        batches = len(train_loader)
    except TypeError:
        told = (
            "An iterator gives its batches only once: the loader itself is asked for, which makes a new one each time."
        )
        raise Unexpected("train_loader is no loader", told) from None
    if batches == 24 and images == 128:
        told = "24 batches are 23 full ones and a shorter one: was the loader made with train=True?"
        raise Unexpected("train_loader has 24 batches", told)
    if batches < 20 and batches * images <= 1000:
        raise Unexpected(f"train_loader has {batches} batches", "Which images does the loader have? Those to train on.")
    if not batches * images <= 3000 < (batches + 1) * images:
        told = "Is that one batch of your train_loader, which has no shorter last batch? Take the first that it gives."
        raise Unexpected(f"{batches} batches of {images:g} images do not make one pass of 3,000", told)
    if batches != 23:
        told = "Was train_loader made with the batch size that the notebook asks for, and with train=True?"
        raise Unexpected(f"train_loader has {batches} batches", told)
