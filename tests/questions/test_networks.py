"""The tests of notebook 3 give full points to right answers of every kind, and to wrong ones a hint."""

from functools import lru_cache
from pathlib import Path

import jupytext
import pytest
from otter.test_files.exception_test import ExceptionTestFile

import scalelab  # noqa: F401, torchvision needs it first
from scalelab.checking import Unexpected, judging, spare_of

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "autograder" / "questions"
POINTS = {"q3_se": 5, "q3_mbconv": 8, "q3_net": 12}
SOURCE = "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n"


@lru_cache
def answers():
    """The text of the model solution's own cells, by question."""
    cells = jupytext.read(ROOT / "solutions" / "compound_scaling" / "3_efficientnet.py").cells
    texts = {"given": next(cell.source for cell in cells if cell.source.startswith("STAGES"))}
    for cell in cells:
        if cell.metadata.get("role") == "answer":
            texts[cell.metadata["question"]] = texts.get(cell.metadata["question"], "") + cell.source + "\n\n\n"
    return texts


def model():
    """The model solution as one text."""
    return SOURCE + "\n".join(answers()[part] for part in ("given", "q3_se", "q3_mbconv", "q3_net"))


def changed(*changes):
    """The model solution with some of its text replaced."""
    text = model()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def defined(text):
    names = {"__name__": "__main__"}
    exec(text, names)
    return names


def run(question, names, seed=3, only=None):
    """The points earned, and what was said of each case that failed; as the judge does it, with spares."""
    tests = ExceptionTestFile.from_string((QUESTIONS / f"{question}.py").read_text())
    earned, said = 0.0, {}
    for case in tests.test_cases:
        name = case.body.test_func.__name__
        if only is not None and name not in only:
            continue
        problem = once(case, names, seed)
        spare = spare_of(case.body.test_func)
        if problem is not None and spare is not None:
            own = names.get(spare[0])
            names[spare[0]] = defined(spare[1])[spare[0]]
            if once(case, names, seed) is None:
                problem = None
            names[spare[0]] = own
        if problem is None:
            earned += case.points
        else:
            said[name] = problem
    return earned, said


def once(case, names, seed):
    """What is said of a case, or None where it passes."""
    with judging(seed, make=lambda source: eval(source, {})):
        try:
            case.body.call_func(names)
        except Unexpected as problem:
            return problem.hint or str(problem)
        except Exception as problem:
            return repr(problem)
    return None


@pytest.mark.parametrize("question", POINTS)
def test_the_model_solution_gets_all_points(question):
    for seed in range(2):
        assert run(question, defined(model()), seed) == (POINTS[question], {})


# ---- right answers that differ in kind

LINEAR_SE = """
class SqueezeExcite(nn.Module):
    def __init__(self, c, s):
        super().__init__()
        self.gates = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, s), nn.SiLU(), nn.Linear(s, c),
                                   nn.Sigmoid(), nn.Unflatten(1, (c, 1, 1)))

    def forward(self, x):
        return x * self.gates(x)
"""

EXPLICIT_MBCONV = '''
class ConvBN(nn.Conv2d):
    """A convolution with its BatchNorm in it."""

    def __init__(self, i, o, k=1, s=1, g=1):
        super().__init__(i, o, k, s, 0, groups=g, bias=False)
        self.pad = k // 2
        self.bn = nn.BatchNorm2d(o)

    def forward(self, x):
        return self.bn(super().forward(F.pad(x, [self.pad] * 4)))


class MBConv(nn.Module):
    def __init__(self, a, b, k, s, r, drop_path=0.0):
        super().__init__()
        self.parts = nn.ModuleDict()
        if r > 1:
            self.parts["z"] = ConvBN(a, a * r)
        self.parts["y"] = ConvBN(a * r, a * r, k, s, a * r)
        self.parts["x"] = SqueezeExcite(a * r, max(1, a // 4))
        self.parts["w"] = ConvBN(a * r, b)
        self.keep = 1 - drop_path
        self.skip = (s, a) == (1, b)

    def forward(self, x):
        out = x
        for name, part in self.parts.items():
            out = part(out)
            if name in "zy":
                out = out * torch.sigmoid(out)
        if not self.skip:
            return out
        if self.training and self.keep < 1:
            out = out * (torch.empty(x.size(0), 1, 1, 1).bernoulli_(self.keep) / self.keep)
        return out + x
'''

EXPLICIT_NET = """
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        sizes = []
        for r, k, s, a, b, n in STAGES:
            a, b = round_channels(a, width), round_channels(b, width)
            sizes += [(a if j == 0 else b, b, k, s if j == 0 else 1, r) for j in range(round_repeats(n, depth))]
        first, last = sizes[0][0], sizes[-1][1]
        self.tail = nn.ModuleList([nn.Linear(4 * last, num_classes)])
        self.inner = nn.ModuleList(MBConv(*size, drop_path * i / len(sizes)) for i, size in enumerate(sizes))
        self.norms = nn.ModuleList([nn.BatchNorm2d(4 * last), nn.BatchNorm2d(first)])
        self.ends = nn.ModuleList([nn.Conv2d(last, 4 * last, 1, bias=False),
                                   nn.Conv2d(3, first, 3, stem_stride, "same" if stem_stride == 1 else 1, bias=False)])
        self.p = dropout

    def forward(self, x):
        x = F.silu(self.norms[1](self.ends[1](x)))
        for block in self.inner:
            x = block(x)
        x = F.adaptive_avg_pool2d(F.silu(self.norms[0](self.ends[0](x))), 1).flatten(1)
        return self.tail[0](F.dropout(x, self.p, self.training))
"""


@pytest.mark.parametrize("question", POINTS)
def test_answers_of_another_kind_get_all_points(question):
    names = defined(model() + LINEAR_SE + EXPLICIT_MBCONV + EXPLICIT_NET)
    assert run(question, names) == (POINTS[question], {})


def test_a_network_that_looks_at_its_own_numbers_is_counted_off_the_meta_device():
    looking = changed(
        ("rate = drop_path * len(blocks) / total", "rate = torch.linspace(0, drop_path, total + 1)[len(blocks)].item()")
    )
    only = {"b0_has_its_published_parameters"}
    assert run("q3_net", defined(looking), only=only) == (1, {})


# ---- wrong answers: changes of the model solution, the points that they get, and what is said

SE = [
    (
        [("functional.silu(self.squeeze", "functional.relu(self.squeeze")],
        3.5,
        "Which activation function stands between",
    ),
    ([("torch.sigmoid(self.excite(squeezed))", "F.hardsigmoid(self.excite(squeezed))")], 3.5, "not its hard cousin"),
    ([("torch.sigmoid(self.excite(squeezed))", "self.excite(squeezed)")], 3.5, "goes through a sigmoid"),
    ([("return x * gates  #", "return gates  #")], 1, "Those are the gates"),
    ([("x.mean(dim=(2, 3), keepdim=True)", "x.amax(dim=(2, 3), keepdim=True)")], 3.5, "Which pooling"),
    ([("squeezed_channels, kernel_size=1)", "squeezed_channels, kernel_size=1, bias=False)")], 2.5, "has a bias, too"),
    ([("return x * gates  #", "return x + gates  #")], 1.5, "they are not added"),
]
EXPAND = "layers += [*self.convolution(in_channels, inside), nn.SiLU()]"
DEPTHWISE = "layers += [*self.convolution(inside, inside, kernel, stride, groups=inside), nn.SiLU()]"
GATE = "layers += [SqueezeExcite(inside, max(1, in_channels // 4))]"
PROJECT = "layers += self.convolution(inside, out_channels)"
KEPT = "kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.drop_path  # one draw an image"
BLOCK = [
    ([(EXPAND, EXPAND.replace("SiLU", "ReLU")), (DEPTHWISE, DEPTHWISE.replace("SiLU", "ReLU"))], 6.5, "not ReLU"),
    ([(GATE, ""), (PROJECT, PROJECT + "\n        " + GATE.replace("inside", "out_channels"))], 2.5, "stands between"),
    ([(GATE, "")], 3.5, "Where is squeeze"),
    ([(GATE, GATE.replace("in_channels", "inside"))], 5.5, "A quarter of which number"),
    ([("if expand_ratio != 1:", "if True:")], 6, "no expansion convolution"),
    ([("if not self.adds_input:", "if True:")], 5.5, "input is added"),
    ([("stride == 1 and in_channels == out_channels", "in_channels == out_channels")], 5.5, "RuntimeError"),
    ([("groups=groups, bias=False", "groups=groups, bias=True")], 5.5, "has a bias"),
    ([("nn.BatchNorm2d(outputs),\n", "\n")], 3.5, "BatchNorm is missing"),
    ([("padding = (kernel - 1) // 2", "padding = kernel // 3")], 6, "The padding is"),
    ([(EXPAND, EXPAND.replace("inside)", "inside, 1, stride)")), (", kernel, stride, groups", ", kernel, 1, groups")],
     4, "Which convolution strides"),
    ([(PROJECT, PROJECT + "\n        layers += [nn.SiLU()]")], 6.5, "it is linear"),
    ([("nn.BatchNorm2d(outputs),\n", "nn.BatchNorm2d(outputs, eps=1e-3),\n")], 6.5, "eps"),
    ([("groups=inside", "groups=1")], 3.5, "depthwise"),
    ([("if self.training and self.drop_path", "if self.drop_path")], 7.5, "In evaluation mode nothing is dropped"),
    ([("branch * kept / (1 - self.drop_path)", "branch * kept")], 7, "What is kept is rescaled"),
    ([(KEPT, KEPT.replace("len(x), 1, 1, 1", "*x.shape"))], 7, "dropped as a whole"),
    ([(KEPT, KEPT.replace("len(x)", "1"))], 7, "its own luck"),
    ([(KEPT, KEPT.replace(">=", "<")), ("/ (1 - self.drop_path)", "/ self.drop_path")], 7, "not that it is kept"),
    ([("if self.training and self.drop_path", "if False and self.drop_path")], 7, "no branch is dropped"),
]  # fmt: skip
HEAD = "self.head = self.convolution(channels, 4 * channels, kernel=1)"
NET = [
    ([("return math.ceil(repeats * depth)", "return max(1, round(repeats * depth))")], 7.5, "Which way are repeats"),
    ([("4 * channels", "1280")], None, "The head grows"),
    ([("4 * channels", "round_channels(1280, width)")], 10, "not 1280 scaled on its own"),
    ([("return rounded + divisor if rounded < 0.9 * exact else rounded", "return rounded")], None, "than a tenth"),
    ([("exact + divisor / 2", "exact")], None, "Cutting off is not rounding"),
    ([("nn.BatchNorm2d(outputs), nn.SiLU()", "nn.BatchNorm2d(outputs), nn.ReLU()")], None, "SiLU stands after"),
    ([("drop_path * len(blocks) / total", "drop_path * len(blocks) / (total - 1)")], 11, "The last block does not"),
    ([("drop_path * len(blocks) / total", "drop_path")], 11, "not the same for all"),
    ([("drop_path * len(blocks) / total", "0.0")], 11, "no branch is dropped"),
    ([("nn.Dropout(dropout)", "nn.Dropout(0.2)")], None, "the caller's choice"),
    ([("self.classifier(self.dropout(x))", "self.classifier(x)")], 11, "nothing is dropped out"),
    ([("self.dropout(x)", "F.dropout(x, 0.2)")], None, "In evaluation mode"),
    ([("kernel=3, stride=stem_stride", "kernel=3, stride=2")], 11.5, "another stride"),
    ([("stride if index == 0 else 1", "stride")], None, "another stride"),
    ([("4 * channels, num_classes)", "4 * channels, 1000)")], None, ""),
    ([("channels = round_channels(STAGES[0][3], width)", "channels = 32")], None, "The stem grows"),
    ([("self.blocks = nn.Sequential(*blocks)", "self.blocks = nn.Sequential(*blocks, blocks[-1])")], None, ""),
]


@pytest.mark.parametrize("question, changes, points, fragment", [
    pytest.param(question, *wrong, id=f"{question}-{wrong[0][-1][1].strip()[-40:]}")
    for question, all_wrong in (("q3_se", SE), ("q3_mbconv", BLOCK)) for wrong in all_wrong
])  # fmt: skip
def test_wrong_parts(question, changes, points, fragment):
    earned, said = run(question, defined(changed(*changes)))
    assert earned == points, said
    assert any(fragment in hint for hint in said.values()), said


@pytest.mark.parametrize("changes, points, fragment", NET, ids=lambda value: str(value)[-40:])
def test_wrong_networks(changes, points, fragment):
    earned, said = run("q3_net", defined(changed(*changes)))
    assert earned < 12 and points in (None, earned), said
    assert any(fragment in hint for hint in said.values()), said


@pytest.mark.parametrize("changes", [changes for changes, *_ in BLOCK[:2]])
def test_a_wrong_block_costs_the_network_nothing(changes):
    assert run("q3_net", defined(changed(*changes))) == (12, {})


@pytest.mark.parametrize("changes", [SE[0][0], SE[3][0], SE[5][0]])
def test_wrong_gates_cost_the_block_nothing(changes):
    assert run("q3_mbconv", defined(changed(*changes))) == (8, {})


def test_the_spares_go_by_the_names_of_the_contract():
    named = changed(
        ("SqueezeExcite(inside, max(1, in_channels // 4))",
         "SqueezeExcite(channels=inside, squeezed_channels=max(1, in_channels // 4))"),
        ("MBConv(channels, scaled, kernel, stride if index == 0 else 1, expand_ratio, rate)",
         "MBConv(in_channels=channels, out_channels=scaled, kernel=kernel, stride=stride if index == 0 else 1, "
         "expand_ratio=expand_ratio, drop_path=rate)"),
        ("return x * gates  #", "return x + gates  #"),
    )  # fmt: skip
    assert run("q3_mbconv", defined(named)) == (8, {})
    assert run("q3_net", defined(named), only={"other_classes", "later_blocks_drop_more"}) == (1.5, {})


def test_a_network_that_bypasses_its_layers_is_told_so():
    bypass = changed(("self.classifier(self.dropout(x))", "F.linear(self.dropout(x), self.classifier.weight)"))
    said = run("q3_net", defined(bypass), only={"other_classes"})[1]
    assert "belong to no nn.Conv2d" in said["other_classes"]


@pytest.mark.parametrize("question", POINTS)
def test_untouched_answers_earn_nothing(question):
    stub = "raise NotImplementedError"
    names = defined(SOURCE + "".join(
        f"class {name}(nn.Module):\n    def __init__(self, *_, **__):\n        {stub}\n"
        for name in ("SqueezeExcite", "MBConv", "EfficientNet")
    ))  # fmt: skip
    assert run(question, names)[0] == 0


# ---- the closed form behind the hints


def hidden(question):
    names = {}
    exec((QUESTIONS / f"{question}.py").read_text(), names)
    return names


PUBLISHED = [5288548, 7794184, 9109994, 12233232, 19341616, 30389784, 43040704, 66347960]
MACS = [385814752, 686802832, 993561872, 1827141392, 4393771024, 10266384752, 19067593536, 37745884192]
MISTAKEN = [
    (0, "expanded", 8423848), (0, "gateless", 4652008), (0, "biased", 5309556), (0, "expanded by one", 5289636),
    (0, "small kernels", 5187172), (1, "rounded repeats", 5288548), (2, "fixed head", 8936682),
    (2, "cut channels", 9227488), (3, "no tenth", 12227212),
]  # fmt: skip


def test_the_closed_form_gives_the_published_integers():
    net = hidden("q3_net")
    assert [net["cost"](*variant) for variant in net["VARIANTS"]] == list(zip(PUBLISHED, MACS, strict=True))


@pytest.mark.parametrize("variant, mistake, parameters", MISTAKEN)
def test_each_known_mistake_comes_to_its_number(variant, mistake, parameters):
    net = hidden("q3_net")
    assert net["cost"](*net["VARIANTS"][variant], mistake=mistake)[0] == parameters
