"""q3_net: EfficientNet, scaled by the two rounding rules."""

# %% right="names as in torchvision, and its Conv2dNormActivation"
from torchvision.ops import Conv2dNormActivation


def round_channels(channels, width, divisor=8):
    """_make_divisible, as everyone has it."""
    v = channels * width
    new_v = max(divisor, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


# %%
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        conv = lambda i, o, k, s=1: Conv2dNormActivation(
            i, o, k, s, norm_layer=nn.BatchNorm2d, activation_layer=nn.SiLU
        )
        first = round_channels(32, width)
        layers = [conv(3, first, 3, stem_stride)]
        total = sum(round_repeats(n, depth) for *_, n in STAGES)
        done = 0
        for ratio, kernel, stride, cin, cout, repeats in STAGES:
            cin, cout = round_channels(cin, width), round_channels(cout, width)
            stage = []
            for _ in range(round_repeats(repeats, depth)):
                if stage:
                    cin, stride = cout, 1
                stage.append(MBConv(cin, cout, kernel, stride, ratio, drop_path * done / total))
                done += 1
            layers.append(nn.Sequential(*stage))
        layers.append(conv(cout, 4 * cout, 1))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(p=dropout, inplace=True), nn.Linear(4 * cout, num_classes))

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


# %% right="it is one long Sequential, built by a generator"
from collections import OrderedDict


def blocks_of(width, depth):
    """Yields the sizes of one block after the other."""
    for ratio, kernel, stride, i, o, n in STAGES:
        i, o = (round_channels(c, width) for c in (i, o))
        yield i, o, kernel, stride, ratio
        yield from [(o, o, kernel, 1, ratio)] * (round_repeats(n, depth) - 1)


# %%
class EfficientNet(nn.Sequential):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        sizes = list(blocks_of(width, depth))
        c, last = sizes[0][0], sizes[-1][1]
        parts = OrderedDict()
        parts["stem"] = nn.Conv2d(3, c, 3, stem_stride, 1, bias=False)
        parts["stem_bn"] = nn.BatchNorm2d(c)
        parts["stem_act"] = nn.SiLU()
        for i, size in enumerate(sizes):
            parts[f"block{i}"] = MBConv(*size, drop_path=drop_path * i / len(sizes))
        parts["head"] = nn.Conv2d(last, last * 4, 1, bias=False)
        parts["head_bn"] = nn.BatchNorm2d(last * 4)
        parts["head_act"] = nn.SiLU()
        parts["pool"] = nn.AdaptiveAvgPool2d((1, 1))
        parts["flat"] = nn.Flatten()
        parts["drop"] = nn.Dropout(dropout)
        parts["fc"] = nn.Linear(last * 4, num_classes)
        super().__init__(parts)


# %% right="functional, with lists of layers in another order than they run"
import torch.nn.functional as F


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
        self.ends = nn.ModuleList(
            [nn.Conv2d(last, 4 * last, 1, bias=False), nn.Conv2d(3, first, 3, stem_stride, 1, bias=False)]
        )
        self.p = dropout

    def forward(self, x):
        x = F.silu(self.norms[1](self.ends[1](x)))
        for block in self.inner:
            x = block(x)
        x = F.adaptive_avg_pool2d(F.silu(self.norms[0](self.ends[0](x))), 1).flatten(1)
        return self.tail[0](F.dropout(x, self.p, self.training))


# %% right="numpy: its scalars as sizes, and linspace for the rates"
import numpy as np


def round_repeats(repeats, depth):
    return np.ceil(repeats * depth).astype(int)


def round_channels(channels, width, divisor=8):
    exact = channels * width
    rounded = np.maximum(np.floor(exact / divisor + 0.5) * divisor, divisor)
    return np.int64(np.where(rounded < 0.9 * exact, rounded + divisor, rounded))


# %%
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        table = np.array(STAGES)
        repeats = round_repeats(table[:, 5], depth)
        widths = np.array([round_channels(c, width) for c in table[:, 4]])
        rates = np.linspace(0, drop_path, repeats.sum(), endpoint=False)
        c = round_channels(table[0, 3], width)
        self.stem = nn.Sequential(nn.Conv2d(3, c, 3, stem_stride, 1, bias=False), nn.BatchNorm2d(c), nn.SiLU())
        self.body = nn.Sequential()
        for (ratio, kernel, stride), out, n in zip(table[:, :3], widths, repeats):
            for j in range(n):
                i = len(self.body)
                self.body.add_module(str(i), MBConv(c, out, kernel, stride if j == 0 else 1, ratio, rates[i]))
                c = out
        self.head = nn.Sequential(nn.Conv2d(c, 4 * c, 1, bias=False), nn.BatchNorm2d(4 * c), nn.SiLU())
        self.out = nn.Sequential(nn.Dropout(dropout), nn.Linear(4 * c, num_classes))

    def forward(self, x):
        return self.out(self.head(self.body(self.stem(x))).mean((2, 3)))


# %% right="torch's linspace for the rates, read with item()"
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        layers_each = [round_repeats(row[-1], depth) for row in STAGES]
        dpr = [x.item() for x in torch.linspace(0, drop_path, sum(layers_each) + 1)]
        width_of = {c: round_channels(c, width) for row in STAGES for c in row[3:5]}
        self.conv_stem = nn.Conv2d(3, width_of[32], 3, stem_stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width_of[32])
        self.blocks = nn.ModuleList()
        for (ratio, kernel, stride, before, after, _), n in zip(STAGES, layers_each):
            stage = nn.ModuleList()
            for j in range(n):
                if j == 0:
                    stage.append(MBConv(width_of[before], width_of[after], kernel, stride, ratio, dpr.pop(0)))
                else:
                    stage.append(MBConv(width_of[after], width_of[after], kernel, 1, ratio, dpr.pop(0)))
            self.blocks.append(stage)
        self.conv_head = nn.Conv2d(width_of[320], 4 * width_of[320], 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * width_of[320])
        self.act = nn.SiLU(inplace=True)
        self.drop_rate = dropout
        self.classifier = nn.Linear(4 * width_of[320], num_classes)

    def forward_features(self, x):
        x = self.act(self.bn1(self.conv_stem(x)))
        for stage in self.blocks:
            for block in stage:
                x = block(x)
        return self.act(self.bn2(self.conv_head(x)))

    def forward(self, x):
        x = self.forward_features(x).mean(3).mean(2)
        if self.drop_rate > 0.0:
            x = nn.functional.dropout(x, p=self.drop_rate, training=self.training)
        return self.classifier(x)


# %% right="a class a part, and recursion along the stages"
def round_repeats(repeats, depth):
    whole = int(repeats * depth)
    return whole if whole == repeats * depth else whole + 1


def round_channels(channels, width, divisor=8):
    exact = channels * width
    best = divisor
    while abs(best + divisor - exact) <= abs(best - exact):
        best += divisor
    if best < exact - exact / 10:
        best += divisor
    return best


# %%
class ConvUnit(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.silu(self.normalisation(self.convolution(x)))


class Classifier(nn.Module):
    def __init__(self, inputs: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Conv2d(inputs, classes, kernel_size=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = nn.functional.avg_pool2d(x, x.shape[2:])
        return self.linear(self.dropout(pooled)).squeeze(3).squeeze(2)


# %%
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        self.width, self.depth, self.dropPath = width, depth, drop_path
        self.blockCount = sum(round_repeats(stage[5], depth) for stage in STAGES)
        first = round_channels(STAGES[0][3], width)
        last = round_channels(STAGES[-1][4], width)
        self.stem = ConvUnit(3, first, kernel=3, stride=stem_stride)
        self.stages = nn.Sequential(*self.build(0, 0, first))
        self.head = ConvUnit(last, 4 * last, kernel=1)
        self.classifier = Classifier(4 * last, num_classes, dropout)

    def build(self, stage, blocks_before, channels):
        if stage == len(STAGES):
            return []
        ratio, kernel, stride, _, out, repeats = STAGES[stage]
        out, repeats = round_channels(out, self.width), round_repeats(repeats, self.depth)
        blocks = []
        for index in range(repeats):
            rate = self.dropPath * (blocks_before + index) / self.blockCount
            blocks.append(
                MBConv(
                    in_channels=channels,
                    out_channels=out,
                    kernel=kernel,
                    stride=stride if index == 0 else 1,
                    expand_ratio=ratio,
                    drop_path=rate,
                )
            )
            channels = out
        return [nn.Sequential(*blocks)] + self.build(stage + 1, blocks_before + repeats, out)

    def forward(self, images):
        return self.classifier(self.head(self.stages(self.stem(images))))


# %% right="the rates are set afterwards, and attributes are set by name"
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        channels = [round_channels(32, width)] + [round_channels(row[4], width) for row in STAGES]
        self.n = 0
        for s, (ratio, kernel, stride, _, _, repeats) in enumerate(STAGES):
            inputs, outputs = channels[s : s + 2]
            for r in range(round_repeats(repeats, depth)):
                block = MBConv(inputs, outputs, kernel, (stride, 1)[r > 0], ratio)
                setattr(self, f"block_{self.n}", block)
                self.n += 1
                inputs = outputs
        for i in range(self.n):
            getattr(self, f"block_{i}").drop_path = drop_path * i / self.n
        self.head = nn.Conv2d(outputs, 4 * outputs, 1, bias=False)
        self.stem = nn.Conv2d(3, channels[0], 3, stem_stride, 1, bias=False)
        self.bn_stem, self.bn_head = nn.BatchNorm2d(channels[0]), nn.BatchNorm2d(4 * outputs)
        self.fc = nn.Linear(4 * outputs, num_classes)
        self.dropout = dropout
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")

    def forward(self, x):
        x = self.bn_stem(self.stem(x))
        x = x * torch.sigmoid(x)
        for i in range(self.n):
            x = getattr(self, f"block_{i}")(x)
        x = self.bn_head(self.head(x))
        x = x * torch.sigmoid(x)
        x = x.sum((-1, -2)) / (x.shape[-1] * x.shape[-2])
        return self.fc(torch.dropout(x, self.dropout, self.training))


# %% right="its own blocks, which it shares nothing with MBConv for"
class Bottleneck(nn.Module):
    def __init__(self, i, o, k, s, r, p):
        super().__init__()
        m = i * r
        self.a = nn.ModuleList([nn.Conv2d(i, m, 1, bias=False), nn.BatchNorm2d(m)] if r > 1 else [])
        self.b = nn.ModuleList([nn.Conv2d(m, m, k, s, k // 2, groups=m, bias=False), nn.BatchNorm2d(m)])
        self.c = nn.ModuleList([nn.Linear(m, max(1, i // 4)), nn.Linear(max(1, i // 4), m)])
        self.d = nn.ModuleList([nn.Conv2d(m, o, 1, bias=False), nn.BatchNorm2d(o)])
        self.p = p if s == 1 and i == o else -1

    def forward(self, x):
        y, silu = x, nn.functional.silu
        for pair in (self.a, self.b):
            for layer in pair:
                y = layer(y)
            y = silu(y) if len(pair) else y
        g = torch.sigmoid(self.c[1](silu(self.c[0](y.mean((2, 3))))))
        y = self.d[1](self.d[0](y * g[..., None, None]))
        if self.p < 0:
            return y
        if self.training:
            y = y * (torch.rand(len(y), 1, 1, 1) >= self.p) / (1 - self.p)
        return x + y


# %%
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        rows = [(r, k, s, round_channels(o, width), round_repeats(n, depth)) for r, k, s, _, o, n in STAGES]
        n = sum(row[-1] for row in rows)
        c = round_channels(32, width)
        net = [nn.Conv2d(3, c, 3, stem_stride, 1, bias=False), nn.BatchNorm2d(c), nn.SiLU()]
        i = 0
        for r, k, s, o, repeats in rows:
            for s in [s] + [1] * (repeats - 1):
                net.append(Bottleneck(c, o, k, s, r, drop_path * i / n))
                c, i = o, i + 1
        net += [nn.Conv2d(c, 4 * c, 1, bias=False), nn.BatchNorm2d(4 * c), nn.SiLU(), nn.AdaptiveAvgPool2d(1)]
        self.net = nn.Sequential(*net, nn.Flatten(), nn.Dropout(dropout), nn.Linear(4 * c, num_classes))

    def forward(self, x):
        return self.net(x)


# %% right="written out"
class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        channels = round_channels(32, width)
        self.stem = nn.Sequential(
            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
        )
        total = sum(round_repeats(row[5], depth) for row in STAGES)
        blocks = []
        for ratio, kernel, stride, _, out, repeats in STAGES:
            out = round_channels(out, width)
            for index in range(round_repeats(repeats, depth)):
                rate = drop_path * len(blocks) / total
                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
                channels = out
        self.blocks = nn.Sequential(*blocks)
        features = 4 * channels
        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(features, num_classes)

    def forward(self, x):
        x = self.head(self.blocks(self.stem(x)))
        x = self.pool(x).flatten(1)
        return self.fc(self.dropout(x))


# %% wrong="repeats are rounded to the nearest" points=7.5 says="Which way are repeats"
def round_repeats(repeats, depth):
    return max(1, round(repeats * depth))


# %% wrong="repeats are cut off" points=7.5 says="is it kept or dropped?"
def round_repeats(repeats, depth):
    return max(1, int(repeats * depth))


# %% wrong="depth does nothing" points=6 says="What does the depth do?"
def round_repeats(repeats, depth):
    return repeats


# %% wrong="channels are cut off to a multiple of 8" points=7.5 says="Cutting off is not rounding"
def round_channels(channels, width, divisor=8):
    return max(divisor, int(channels * width) // divisor * divisor)


# %% wrong="channels go up to the next multiple of 8" points=9 says="Always upwards?"
def round_channels(channels, width, divisor=8):
    return math.ceil(channels * width / divisor) * divisor


# %% wrong="channels are whole, and no multiples of 8" points=7.5 says="whole multiples of 8"
def round_channels(channels, width, divisor=8):
    return int(channels * width)


# %% wrong="no rule of a tenth" points=8.5 says="than a tenth"
def round_channels(channels, width, divisor=8):
    return max(divisor, int(channels * width + divisor / 2) // divisor * divisor)


# %% wrong="at least half of the divisor" points=11 says="at least 8 channels"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor // 2, int(product / divisor + 0.5) * divisor)
    return rounded + divisor if rounded < 0.9 * product else rounded


# %% wrong="no least number of channels, and zero is not too few" points=11 says=""
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = int(product / divisor + 0.5) * divisor
    return rounded + divisor if 0 < rounded < 0.9 * product else rounded


# %% [raw] wrong="width and depth have changed places" points=6.5 says="Which of the two" like="written out"
# -        channels = round_channels(32, width)
# +        channels = round_channels(32, depth)
# ...
# -        total = sum(round_repeats(row[5], depth) for row in STAGES)
# +        total = sum(round_repeats(row[5], width) for row in STAGES)
# ...
# -            out = round_channels(out, width)
# -            for index in range(round_repeats(repeats, depth)):
# +            out = round_channels(out, depth)
# +            for index in range(round_repeats(repeats, width)):

# %% [raw] right="lazy layers, compiled in place, under autocast" like="written out"
# -class EfficientNet(nn.Module):
# +torch.autocast("cpu", torch.bfloat16).__enter__()
# +
# +
# +class EfficientNet(nn.Module):
# ...
# -            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
# +            nn.LazyConv2d(channels, 3, stem_stride, padding=1, bias=False), nn.LazyBatchNorm2d(), nn.SiLU()
# ...
# -        self.fc = nn.Linear(features, num_classes)
# +        self.fc = nn.LazyLinear(num_classes)
# +        self.compile()

# %% [raw] wrong="B0, whatever is asked for: right for the public checks" points=6 says="What do width and depth do?" like="written out"
#          super().__init__()
# +        width = depth = 1

# %% [raw] wrong="width does nothing" points=7.5 says="What does the width do?" like="written out"
#          super().__init__()
# +        width = 1.0

# %% [raw] wrong="a stem of 32 channels, whatever the width" points=8.5 says="The stem grows" like="written out"
# -        channels = round_channels(32, width)
# +        channels = 32

# %% [raw] wrong="a head of 1280 channels" points=7.5 says="The head grows" like="written out"
# -        features = 4 * channels
# +        features = 1280

# %% [raw] wrong="a head that scales 1280 on its own, as the authors' does" points=10 says="not 1280 scaled on its own" like="written out"
# -        features = 4 * channels
# +        features = round_channels(1280, width)

# %% [raw] wrong="there is no head" points=2 says="Where is the head?" like="written out"
# -        features = 4 * channels
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        features = channels
# ...
# -        x = self.head(self.blocks(self.stem(x)))
# +        x = self.blocks(self.stem(x))

# %% [raw] wrong="biases in stem and head" points=8 says="has a bias" like="written out"
# -            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
# +            nn.Conv2d(3, channels, 3, stem_stride, padding=1), nn.BatchNorm2d(channels), nn.SiLU()
# ...
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        self.head = nn.Sequential(nn.Conv2d(channels, features, 1), nn.BatchNorm2d(features), nn.SiLU())

# %% [raw] wrong="no BatchNorm behind the head" points=8 says="BatchNorm" like="written out"
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.SiLU())

# %% [raw] wrong="ReLU behind stem and head" points=10 says="SiLU stands after" like="written out"
# -            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
# +            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()
# ...
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.ReLU())

# %% [raw] wrong="no activation function behind the head" points=10 says="SiLU stands after" like="written out"
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features))

# %% [raw] wrong="the maximum before the classifier" points=11 says="averaged over all positions" like="written out"
# -        self.pool = nn.AdaptiveAvgPool2d(1)
# +        self.pool = nn.AdaptiveMaxPool2d(1)

# %% [raw] wrong="a softmax behind the classifier" points=10 says="before any softmax" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.fc(self.dropout(x)).softmax(1)

# %% [raw] wrong="always 1000 classes" points=9.5 says="num_classes" like="written out"
# -        self.fc = nn.Linear(features, num_classes)
# +        self.fc = nn.Linear(features, 1000)

# %% [raw] wrong="no classifier" points=2 says="where is the classifier?" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.dropout(x)

# %% [raw] wrong="all kernels are 3" points=2 says="kernels of 5" like="written out"
# -                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
# +                blocks.append(MBConv(channels, out, 3, stride if index == 0 else 1, ratio, rate))

# %% [raw] wrong="every block of a stage strides" points=6.5 says="which one of a block" like="written out"
# -                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
# +                blocks.append(MBConv(channels, out, kernel, stride, ratio, rate))

# %% [raw] wrong="the last block of a stage strides, not the first" points=6.5 says="which one of a block" like="written out"
# -                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
# +                blocks.append(
# +                    MBConv(
# +                        channels, out, kernel, stride if index == round_repeats(repeats, depth) - 1 else 1, ratio, rate
# +                    )
# +                )

# %% [raw] wrong="the stem always strides" points=11.5 says="another stride" like="written out"
# -            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
# +            nn.Conv2d(3, channels, 3, 2, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()

# %% [raw] wrong="the stem has no padding" points=9.5 says="The padding is" like="written out"
# -            nn.Conv2d(3, channels, 3, stem_stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.SiLU()
# +            nn.Conv2d(3, channels, 3, stem_stride, bias=False), nn.BatchNorm2d(channels), nn.SiLU()

# %% [raw] wrong="the same block several times" points=6 says="runs more than once" like="written out"
# -            for index in range(round_repeats(repeats, depth)):
# -                rate = drop_path * len(blocks) / total
# -                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
# -                channels = out
# +            blocks.append(MBConv(channels, out, kernel, stride, ratio, drop_path * len(blocks) / total))
# +            channels = out
# +            if round_repeats(repeats, depth) > 1:
# +                block = MBConv(out, out, kernel, 1, ratio, drop_path * len(blocks) / total)
# +                blocks += [block] * (round_repeats(repeats, depth) - 1)

# %% [raw] wrong="blocks in a plain list" points=2.5 says="those in a plain list" like="written out"
# -        self.blocks = nn.Sequential(*blocks)
# +        self.blocks = blocks
# ...
# -        x = self.head(self.blocks(self.stem(x)))
# +        x = self.stem(x)
# +        for block in self.blocks:
# +            x = block(x)
# +        x = self.head(x)

# %% [raw] wrong="the same drop path for all blocks" points=11 says="not the same for all" like="written out"
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path

# %% [raw] wrong="drop path is not handed on" points=11 says="no branch is dropped" like="written out"
# -                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio, rate))
# +                blocks.append(MBConv(channels, out, kernel, stride if index == 0 else 1, ratio))

# %% [raw] wrong="the last block has all of drop path" points=11 says="The last block does not" like="written out"
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path * len(blocks) / (total - 1)

# %% [raw] wrong="blocks are counted from 1" points=11 says="The first block drops nothing" like="written out"
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path * (len(blocks) + 1) / total

# %% [raw] wrong="blocks are counted anew in each stage" points=11 says="not in each stage anew" like="written out"
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path * index / total

# %% [raw] wrong="drop path grows from stage to stage" points=11 says="not stages" like="written out"
# -        for ratio, kernel, stride, _, out, repeats in STAGES:
# +        for stage, (ratio, kernel, stride, _, out, repeats) in enumerate(STAGES):
# ...
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path * stage / len(STAGES)

# %% [raw] wrong="the first block drops most" points=11 says="The first block drops least" like="written out"
# -                rate = drop_path * len(blocks) / total
# +                rate = drop_path * (1 - len(blocks) / total)

# %% [raw] wrong="nothing is dropped out" points=11 says="nothing is dropped out" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.fc(x)

# %% [raw] wrong="dropout of 0.2, whatever the caller asks for" points=10 says="the caller's choice" like="written out"
# -        self.dropout = nn.Dropout(dropout)
# +        self.dropout = nn.Dropout(0.2)

# %% [raw] wrong="dropout in evaluation mode, too" points=4.5 says="In evaluation mode" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.fc(nn.functional.dropout(x, self.dropout.p))

# %% [raw] wrong="dropout behind the classifier" points=11 says="not on the logits" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.dropout(self.fc(x))

# %% [raw] wrong="forward returns nothing" points=2.5 says="does forward return its result?" like="written out"
# -        return self.fc(self.dropout(x))
# +        print(self.fc(self.dropout(x)).shape)

# %% wrong="torchvision's own network, wrapped" points=0 says="are not available here"
import torchvision


class EfficientNet(nn.Module):
    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
        super().__init__()
        self.inner = torchvision.models.efficientnet_b0(num_classes=num_classes)

    def forward(self, images):
        return self.inner(images)


# %% wrong="at most a tenth is gained, too" points=8.5 says="it may gain more"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, int(product + divisor / 2) // divisor * divisor)
    if rounded > max(divisor, 1.1 * product):
        return rounded - divisor
    return rounded + divisor if rounded < 0.9 * product else rounded


# %% wrong="no more than a twentieth may be lost" points=9 says="Up to a tenth"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, int(product + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.95 * product else rounded


# %% wrong="halves go to even multiples" points=11 says="the larger one is taken"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, round(product / divisor) * divisor)
    return rounded + divisor if rounded < 0.9 * product else rounded


# %% wrong="rounds up by adding 0.9" points=11 says="however small"
def round_repeats(repeats, depth):
    return max(1, int(repeats * depth + 0.9))


# %% [raw] wrong="the blocks of B0 are counted, whatever the depth" points=11 says="blocks of this network" like="written out"
# -        total = sum(round_repeats(row[5], depth) for row in STAGES)
# +        total = sum(row[5] for row in STAGES)

# %% [raw] wrong="BatchNorm with the authors' momentum" points=11 says="another momentum" like="written out"
# -        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), nn.BatchNorm2d(features), nn.SiLU())
# +        norm = nn.BatchNorm2d(features, momentum=0.01)
# +        self.head = nn.Sequential(nn.Conv2d(channels, features, 1, bias=False), norm, nn.SiLU())

# %% [raw] wrong="dropout before the pooling" points=11 says="behind the pooling" like="written out"
# -        x = self.pool(x).flatten(1)
# -        return self.fc(self.dropout(x))
# +        x = self.pool(self.dropout(x)).flatten(1)
# +        return self.fc(x)

# %% [raw] wrong="dropout twice" points=11 says="dropout" like="written out"
# -        return self.fc(self.dropout(x))
# +        return self.fc(self.dropout(self.dropout(x)))

# %% [raw] wrong="a default of 0.5 for dropout" points=11 says="says nothing of dropout" like="written out"
# -    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.2, drop_path=0.2, stem_stride=2):
# +    def __init__(self, width=1.0, depth=1.0, num_classes=1000, dropout=0.5, drop_path=0.2, stem_stride=2):


# %% [raw] wrong="n is 16 times the depth, not rounded" points=11 says="before they are added up" like="written out"
# -        total = sum(round_repeats(row[5], depth) for row in STAGES)
# +        total = sum(row[5] for row in STAGES) * depth

# %% [raw] wrong="n is 16 times the depth, rounded once" points=11 says="before they are added up" like="n is 16 times the depth, not rounded"
# -        total = sum(row[5] for row in STAGES) * depth
# +        total = round_repeats(sum(row[5] for row in STAGES), depth)
