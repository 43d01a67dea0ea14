"""Compares networks by what they compute, whatever their parts are called and however they are nested.

`ask` has a network filled from a seed and run where the student's code runs, `right` does the same to a reference in a
function that is `remembered`, and `expect_same` compares the two outputs. What the room says of the network's layers
serves for hints alone.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import sub
from typing import Any

from notebook_checks.expect import Unexpected
from notebook_checks.inputs import in_place_of, in_room, is_judged
from notebook_checks.values import plain
from scalelab.checking.said import Layer, counts_said, layers_said, output_said, unpacked

TOLERANCE = 1e-3
"""By how much an output may be off, as a part of the largest.

Measured on torchvision's B0, B3 and a network of width 0.25, with two seeds each, for 37 × 41 pixels: float32 against
float64, without oneDNN and in channels_last makes at most 2e-6; the smallest mistakes tried make 6e-3 (the last of all
gates a hard sigmoid, on B3) and 2e-2 (BatchNorm's eps 1e-3).
"""

FILLED = "__import__('scalelab.checking.filled', fromlist=['filled'])"
STAND_IN = "__import__('scalelab.checking.lent', fromlist=['lent']).stand_in"


def ask(
    build: Any,
    sizes: tuple,
    options: dict[str, Any],
    seed: int,
    shape: tuple,
    *modes: str,
    without: str = "",
    passes: int = 1,
) -> dict[str, Any]:
    """What the student's `build(*sizes, **options)` gives; see scalelab.checking.filled.outputs for the rest.

    Args:
        build: the student's class or function.
        sizes: its positional arguments, plain data.
        options: its keywords, plain data.
        seed: of the weights and of the images.
        shape: of the images, (N, C, H, W).
        *modes: any of "training", "alike" and "silent".
        without: the name of a module whose parameters are zeros; "" for none.
        passes: how often the images are run through it, in one batch of all that comes out.

    Raises:
        Unexpected: if it is no nn.Module, or gives no tensor.
    """
    run = in_room(f"{FILLED}.outputs")
    given = plain(run(build, list(sizes), options, seed, list(shape), *_switches(modes), without, passes))
    if not isinstance(given, dict) or given.get("module") is not True:
        raise Unexpected("it is no nn.Module", "This is no nn.Module: which class does it derive from?")
    if given.get("tensor") is not True:
        raise Unexpected("it gives no tensor", "Calling the network gives no tensor: does forward return its result?")
    return output_said(given)


def right(
    build: Any, sizes: tuple, options: dict[str, Any], seed: int, shape: tuple, *modes: str, without: str = ""
) -> dict[str, Any]:
    """What `ask` would give, of a reference, in this process. Nothing in it is the student's.

    Args:
        build: the reference.
        sizes: its positional arguments.
        options: its keywords.
        seed: as for `ask`: equal seeds give equal weights and images.
        shape: of the images, (N, C, H, W).
        *modes: any of "training", "alike" and "silent".
        without: the name of a module whose parameters are zeros; "" for none.
    """
    from scalelab.checking import filled  # imports torch, which takes seconds, and few tests need it

    training, same, silent = _switches(modes)
    given = filled.outputs(build, list(sizes), options, seed, list(shape), training, same, silent, without)
    return given | {"values": unpacked(given["values"])}


def ask_counts(build: Any, sizes: tuple, options: dict[str, Any], shape: tuple | None = None) -> dict[str, Any]:
    """The "parameters" of the student's `build(*sizes, **options)`, and its "macs" if there is a shape.

    Args:
        build: the student's class or function.
        sizes: its positional arguments, plain data.
        options: its keywords, plain data.
        shape: of an input, (N, C, H, W); None for the parameters alone.
    """
    counted = in_room(f"{FILLED}.counts")(build, list(sizes), options, None if shape is None else list(shape))
    return counts_said(plain(counted))


def block_in_place_of(name: str, source: str) -> Callable[[Callable], Callable]:
    """`in_place_of` for a class of blocks: the stand-ins are modules, whose blocks the judge has.

    Args:
        name: the student's class that is replaced.
        source: a text that defines it. Its layers are made in the order in which they run.
    """
    lending = f"from scalelab.checking.lending import Lending\n{name} = Lending({name})\n"
    return in_place_of(name, f"{source}\n{lending}", STAND_IN)


@contextmanager
def hint_where_it_raises(hint: str, *kinds: str) -> Iterator[None]:
    """Tell `hint` where the student's code raises one of `kinds`. In a notebook the traceback stays: it says more."""
    try:
        yield
    except Exception as problem:
        if is_judged() and getattr(problem, "kind", type(problem).__name__) in kinds:
            raise Unexpected("it raised an exception", hint) from problem
        raise


def is_the_students(problem: Exception) -> bool:
    """Whether what a case raised is the student's doing. A room that has ended is not for a test to pass over."""
    return isinstance(problem, Unexpected) or not is_judged() or hasattr(problem, "kind")


def _switches(modes: tuple[str, ...]) -> list[bool]:
    return [mode in modes for mode in ("training", "alike", "silent")]


def expect_same(
    given: dict[str, Any],
    reference: dict[str, Any],
    explain: Callable[[dict[str, Any]], str | None] = lambda given: None,
    what: str = "the output",
    forgiven: Iterable[dict[str, Any]] = (),
) -> None:
    """Expect what `ask` gave to be what `right` gave, or one of `forgiven`.

    Args:
        given: what `ask` gave.
        reference: what `right` gave, for the same seed and shape.
        explain: takes what was given and says which mistake makes it, or None; asked before the layers are looked at.
        what: a name for the output, for the message.
        forgiven: other outputs that count as right.

    Raises:
        Unexpected: if it is none of these, with a hint.
    """
    if alike(given, reference) or any(alike(given, other) for other in forgiven):
        return
    found = _hint_of_use(given) or explain(given) or hint_of_layers(layers_of(given), layers_of(reference))
    if given.get("shape") != reference["shape"]:
        wanted = f"{reference['shape']} was expected"
        told = f"the shape of {what}: {wanted}"
        raise Unexpected(f"the shape of {what} is {given.get('shape')}, and {wanted}", found or SHAPE, told)
    raise Unexpected(f"{what} is not what it should be", found or BETWEEN)


def expect_usual_momentum(given: dict[str, Any]) -> None:
    """Expect the BatchNorms of what `ask` gave to have PyTorch's momentum, which shows in no output.

    Args:
        given: what `ask` gave. Whoever forges what it says of this could as well have written what is right.

    Raises:
        Unexpected: if one has another.
    """
    if given.get("momenta") not in ([], [USUAL_MOMENTUM]):
        raise Unexpected("BatchNorm has another momentum than it should", MOMENTUM)


def expect_own_parts(module: Any, withheld: tuple[str, ...]) -> None:
    """Expect no part of an nn.Module to be of a class that the question withholds.

    For a student's own notebook, where such a class is available: in a room it is not.

    Args:
        module: the student's.
        withheld: as the test file declares it, modules and names in modules.

    Raises:
        Unexpected: if one is.
    """
    for part in module.modules():
        kind = f"{type(part).__module__}.{type(part).__qualname__}."
        if any(kind.startswith(f"{name}.") for name in withheld):
            raise Unexpected(f"a part of it is a {type(part).__name__} of torchvision", NOT_OWN)


def alike(given: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Whether two outputs have one shape and the same numbers, within TOLERANCE of the largest.

    Args:
        given: what `ask` gave; nothing in it is trusted.
        reference: what `right` gave.
    """
    return given.get("shape") == reference["shape"] and close(given.get("values"), reference["values"])


def close(values: Any, wanted: list[float]) -> bool:
    """Whether a value is a list of the numbers that are wanted, each within TOLERANCE of the largest of those.

    Args:
        values: anything; nothing in it is trusted.
        wanted: at least one number.
    """
    if not isinstance(values, list) or len(values) != len(wanted):
        return False
    if not set(map(type, values)) <= {int, float}:
        return False
    limit = TOLERANCE * max(map(abs, wanted))
    return all(map(limit.__ge__, map(abs, map(sub, values, wanted))))  # never of what is no number


# ---- hints


USUAL_MOMENTUM = 0.1
MOMENTUM = "BatchNorm has another momentum than PyTorch's default."
NOT_OWN = "torchvision's own is there to compare with: in the place of yours it earns nothing."
BETWEEN = (
    "All layers with weights are the right ones; what happens between them is not: activation functions, pooling, "
    "gates, residual connections."
)
SHAPE = "The output has another shape than it should: what do strides and padding make of the map's size?"
LOOSE = "Some parameters belong to no nn.Conv2d, nn.BatchNorm2d or nn.Linear that ran, so they cannot be compared."
REPEATED = "A layer with weights runs more than once: each block needs layers of its own."
MORE = "There are more layers with weights than there should be."
FEWER = "There are fewer layers with weights than there should be."
NO_NORM = "A BatchNorm is missing after a convolution."
NORM = "There is a BatchNorm where none should be."
EXPANDED = "Where the expansion ratio is 1 there is no expansion convolution."
GATED = "Squeeze-and-excitation comes after the depthwise convolution, not before it."
SQUEEZED = "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?"
BIASED = "A convolution outside squeeze-and-excitation has a bias."
UNBIASED = "Both convolutions of squeeze-and-excitation, and the classifier, have a bias."
DIFFERENCES = {
    "groups": "Is the kernel × kernel convolution depthwise? That is, with as many groups as channels.",
    "kernel": "A convolution has another kernel than it should.",
    "stride": "A convolution has another stride than it should: which one of a block strides?",
    "padding": "The padding is (kernel − 1)/2 on every side.",
    "inputs": "A layer takes another number of channels than it should.",
    "outputs": "A layer gives another number of channels than it should.",
    "eps": "BatchNorm has another eps than PyTorch's default.",
}


def layers_of(given: dict[str, Any]) -> list[Layer]:
    """The layers as the room describes them, which is good for hints and for nothing else."""
    return layers_said(given.get("layers"))


def parameters_of(layers: list[Layer]) -> int:
    """How many parameters `layers` hold."""
    convolutions = [layer for layer in layers if layer.kind == "convolution"]
    norms = sum(2 * layer.outputs for layer in layers if layer.kind == "norm")
    weights = sum(one.outputs * one.inputs // one.groups * one.kernel**2 for one in convolutions)
    return norms + weights + sum(one.outputs for one in convolutions if one.bias)


def _hint_of_use(given: dict[str, Any]) -> str | None:
    if given.get("loose") != 0:
        return LOOSE
    return REPEATED if given.get("repeated") != 0 else None


def hint_of_layers(given: list[Layer], wanted: list[Layer]) -> str | None:
    """What to say of the first layer that is not as it should be; None if all are.

    Args:
        given: the student's layers, in the order in which they run.
        wanted: the reference's.
    """
    for index, (one, other) in enumerate(zip(given, wanted, strict=False)):
        if one != other and not (_padded_elsewhere(one, other) or _same_point(one, other)):
            return _hint_of_layer(one, other, wanted[index + 1 : index + 2])
    return None if len(given) == len(wanted) else MORE if len(given) > len(wanted) else FEWER


def _padded_elsewhere(one: Layer, other: Layer) -> bool:
    """Whether two layers differ in nothing but a padding that says "same", or that another layer may do."""
    return one._replace(padding=other.padding) == other and one.padding in ("same", 0)


def _same_point(one: Layer, other: Layer) -> bool:
    return one._replace(padding=0) == other._replace(padding=0) and one.kernel == 1


def _hint_of_layer(one: Layer, other: Layer, following: list[Layer]) -> str:
    if one.kind != other.kind:
        return NO_NORM if other.kind == "norm" else NORM
    if other.groups > 1 and one.kernel == 1 and one.groups == 1:
        return EXPANDED if one.outputs == one.inputs else GATED
    if other.groups > 1 and one.groups == 1:
        return DIFFERENCES["groups"]
    if one.kind == "convolution" and one.bias != other.bias:
        return BIASED if one.bias and not other.bias else UNBIASED
    if other.bias and other.inputs == one.inputs and following and following[0].outputs == other.inputs:
        return SQUEEZED
    return next(hint for field, hint in DIFFERENCES.items() if getattr(one, field) != getattr(other, field))
