import json

from scalelab.checking import filled

BOMB = [["convolution", 3_000_000_000, "x", 1, 1, 0, 1, True, 0.0]]
ROWS = [
    [["norm", 1, [0] * 1000, 1, 1, 0, 1, True, 0.0]],
    [["convolution", 10**4000, 10**4000, 10**4000, 1, 0, 1, True, 0.0]],
    [["convolution", True, 1, 1, 1, 0, 0, True, 0.0]],
    [["convolution", 1, 1, 1, 1, 0, 1, True, float("nan")]],
    [["convolution", -1, 3, 3, 2, None, 1, 1, "eps"]],
    [["convolution"]],
    {"convolution": 1},
]
asked = []


class EfficientNet(nn.Module):
    def forward(self, images):
        return images


def outputs(build, sizes, options, seed, shape, *modes):
    asked.append(shape)
    rows = BOMB if len(asked) % 2 else ROWS[len(asked) // 2 % len(ROWS)]
    shape = [shape[0], options.get("num_classes", 1000)]
    values = filled.packed(torch.zeros(shape))
    rows = json.dumps(rows)
    return {"module": True, "tensor": True, "shape": shape, "values": values, "layers": rows, "repeated": 0, "loose": 0}


filled.outputs = outputs
SqueezeExcite = MBConv = EfficientNet
