import marshal
import math
import types

import torch
from torch import nn

TABLE = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4)]
TABLE += [(6, 3, 1, 320, 1)]


def taken_apart(lent):
    """The lent class once more, of nothing but its functions' code, which could be kept; without it, none that works."""
    own = types.CellType()
    names = {"torch": torch, "nn": nn, "__builtins__": __builtins__}

    def copied(function):
        code = marshal.loads(marshal.dumps(function.__code__))
        closure = tuple(own for _ in code.co_freevars)
        return types.FunctionType(code, names, function.__name__, function.__defaults__, closure)

    for name, one in lent.__init__.__globals__.items():
        if type(one) is types.FunctionType and not one.__code__.co_freevars:
            names.setdefault(name, copied(one))
    made = type("Kept", (nn.Module,), {name: copied(vars(lent)[name]) for name in ("__init__", "forward")})
    own.cell_contents = made
    made(8, 8, 3, 1, 6)(torch.zeros(2, 8, 4, 4))
    return made


def convolution(inputs, outputs, kernel, stride=1):
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.SiLU())


class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()

        def scaled(channels):
            rounded = max(8, int(channels * width + 4) // 8 * 8)
            return rounded + 8 if rounded < 0.9 * channels * width else rounded

        block = taken_apart(MBConv)
        channels = scaled(32)
        self.stem = convolution(3, channels, 3, stem_stride)
        rows = [(row, place) for row in TABLE for place in range(math.ceil(row[4] * depth))]
        blocks = []
        for (ratio, kernel, stride, outputs, _), place in rows:
            rate = drop_path * len(blocks) / len(rows)
            blocks.append(block(channels, scaled(outputs), kernel, 1 if place else stride, ratio, rate))
            channels = scaled(outputs)
        self.blocks = nn.Sequential(*blocks)
        self.head = convolution(channels, 4 * channels, 1)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(4 * channels, num_classes)

    def forward(self, images):
        maps = self.head(self.blocks(self.stem(images)))
        return self.classifier(self.dropout(maps.mean((2, 3))))
