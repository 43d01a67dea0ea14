from scalelab.checking import filled

SHAPES = [[2, 10**12], [10**4000], [-2, -500], [True, 1000], [2.0, 1000.0], [0, 10**9], [1] * 100_000, "2000", None]
COUNTS = [{"parameters": True, "macs": -1}, {"parameters": 10**4000, "macs": 10**4000}, {"parameters": 5288548.5}, []]
asked = []


class EfficientNet(nn.Module):
    def forward(self, images):
        return images


def outputs(build, sizes, options, seed, shape, *modes):
    asked.append(shape)
    shape = SHAPES[len(asked) % len(SHAPES)]
    values = filled.packed(torch.full((1 + 999 * (len(asked) % 2),), float("nan" if len(asked) % 3 else "inf")))
    return {
        "module": True,
        "tensor": True,
        "shape": shape,
        "values": values,
        "layers": "[]",
        "repeated": -1,
        "loose": 0.0,
    }


def counts(*_):
    asked.append("counts")
    return COUNTS[len(asked) % len(COUNTS)]


filled.outputs, filled.counts = outputs, counts
SqueezeExcite = MBConv = EfficientNet
