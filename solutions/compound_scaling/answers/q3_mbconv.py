"""q3_mbconv: the inverted residual block with squeeze-and-excitation."""


# %% right="attributes as in timm, and Identity where nothing is to be done"
class DropPath(nn.Module):
    def __init__(self, drop_prob):
        super().__init__()
        self.drop_prob = drop_prob

    def forward(self, x):
        if self.drop_prob == 0.0 or not self.training:
            return x
        keep_prob = 1 - self.drop_prob
        shape = (x.shape[0],) + (1,) * (x.ndim - 1)
        random_tensor = x.new_empty(shape).bernoulli_(keep_prob)
        random_tensor.div_(keep_prob)
        return x * random_tensor


# %%
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        mid_chs = in_channels * expand_ratio
        self.has_skip = in_channels == out_channels and stride == 1
        self.conv_pw = nn.Conv2d(in_channels, mid_chs, 1, bias=False) if expand_ratio > 1 else nn.Identity()
        self.bn1 = nn.BatchNorm2d(mid_chs) if expand_ratio > 1 else nn.Identity()
        self.act1 = nn.SiLU(inplace=True) if expand_ratio > 1 else nn.Identity()
        self.conv_dw = nn.Conv2d(mid_chs, mid_chs, kernel, stride, kernel // 2, groups=mid_chs, bias=False)
        self.bn2 = nn.BatchNorm2d(mid_chs)
        self.act2 = nn.SiLU(inplace=True)
        self.se = SqueezeExcite(mid_chs, max(1, in_channels // 4))
        self.conv_pwl = nn.Conv2d(mid_chs, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.drop_path = DropPath(drop_path) if drop_path else nn.Identity()

    def forward(self, x):
        shortcut = x
        x = self.act1(self.bn1(self.conv_pw(x)))
        x = self.act2(self.bn2(self.conv_dw(x)))
        x = self.se(x)
        x = self.bn3(self.conv_pwl(x))
        if self.has_skip:
            x = self.drop_path(x) + shortcut
        return x


# %% right="torchvision's building blocks: Conv2dNormActivation and StochasticDepth"
from functools import partial

from torchvision.ops import Conv2dNormActivation, StochasticDepth


class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        conv = partial(Conv2dNormActivation, norm_layer=nn.BatchNorm2d)
        inner = in_channels * expand_ratio
        layers = []
        if inner != in_channels:
            layers.append(conv(in_channels, inner, kernel_size=1, activation_layer=nn.SiLU))
        layers.append(conv(inner, inner, kernel_size=kernel, stride=stride, groups=inner, activation_layer=nn.SiLU))
        layers.append(SqueezeExcite(inner, max(1, in_channels // 4)))
        layers.append(conv(inner, out_channels, kernel_size=1, activation_layer=None))
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(drop_path, "row")
        self.use_res_connect = stride == 1 and in_channels == out_channels

    def forward(self, x):
        result = self.block(x)
        if self.use_res_connect:
            result = self.stochastic_depth(result)
            result += x
        return result


# %% right="built from a list of specifications, with gates of its own"
def steps(a, b, k, s, r):
    inside = a * r
    if r != 1:
        yield "expand", (a, inside, 1, 1, 1), True
    yield "filter", (inside, inside, k, s, inside), True
    yield "gate", (inside, max(1, a // 4)), None
    yield "project", (inside, b, 1, 1, 1), False


# %%
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        self.order = []
        for name, sizes, active in steps(in_channels, out_channels, kernel, stride, expand_ratio):
            if name == "gate":
                self.add_module("down", nn.Linear(*sizes))
                self.add_module("up", nn.Linear(*reversed(sizes)))
            else:
                i, o, k, s, g = sizes
                self.add_module(name, nn.Conv2d(i, o, k, s, padding=(k - 1) // 2, groups=g, bias=False))
                self.add_module(name + "_norm", nn.BatchNorm2d(o))
            self.order.append((name, active))
        self.p = drop_path if stride == 1 and in_channels == out_channels else None

    def forward(self, x):
        y = x
        for name, active in self.order:
            if name == "gate":
                gates = self.up(nn.functional.silu(self.down(y.mean((2, 3))))).sigmoid()
                y = y * gates.unsqueeze(-1).unsqueeze(-1)
                continue
            y = getattr(self, name + "_norm")(getattr(self, name)(y))
            y = nn.functional.silu(y) if active else y
        if self.p is None:
            return y
        return x + nn.functional.dropout(torch.ones(len(x), 1, 1, 1), self.p, self.training) * y


# %% right="a Sequential with a wrapper around it that adds, and Dropout3d that drops whole images"
class ConvBN(nn.Sequential):
    def __init__(self, i, o, k=1, s=1, g=1, act=True):
        super().__init__(nn.Conv2d(i, o, k, s, k // 2, 1, g, False), nn.BatchNorm2d(o), *[nn.SiLU()] * act)


class Residual(nn.Module):
    def __init__(self, inner, p):
        super().__init__()
        self.drop, self.inner = nn.Dropout3d(p), inner

    def forward(self, x):
        return self.drop(self.inner(x)[:, None])[:, 0] + x


# %%
def MBConv(in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
    mid = in_channels * expand_ratio
    branch = nn.Sequential(
        *([ConvBN(in_channels, mid)] if expand_ratio != 1 else []),
        ConvBN(mid, mid, kernel, stride, mid),
        SqueezeExcite(mid, in_channels // 4 or 1),
        ConvBN(mid, out_channels, act=False),
    )
    return Residual(branch, drop_path) if (stride, in_channels) == (1, out_channels) else branch


# %% right="a base class and two kinds of block, and images that are dropped one by one in a loop"
import random


class Block(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int, expand_ratio: int) -> None:
        super().__init__()
        self.hidden: int = in_channels * expand_ratio
        self.expandRatio: int = expand_ratio
        if self.hasExpansion():
            self.expandConv = nn.Conv2d(in_channels, self.hidden, kernel_size=1, stride=1, padding=0, bias=False)
            self.expandNorm = nn.BatchNorm2d(self.hidden)
        self.depthConv = nn.Conv2d(
            self.hidden,
            self.hidden,
            kernel_size=kernel,
            stride=stride,
            padding=int((kernel - 1) / 2),
            groups=self.hidden,
            bias=False,
        )
        self.depthNorm = nn.BatchNorm2d(self.hidden)
        self.gate = SqueezeExcite(self.hidden, max(1, in_channels // 4))
        self.projectConv = nn.Conv2d(self.hidden, out_channels, kernel_size=1, bias=False)
        self.projectNorm = nn.BatchNorm2d(out_channels)
        self.activation = nn.SiLU()

    def hasExpansion(self) -> bool:
        return self.expandRatio != 1

    def getBranch(self, x: torch.Tensor) -> torch.Tensor:
        if self.hasExpansion():
            x = self.activation(self.expandNorm(self.expandConv(x)))
        x = self.activation(self.depthNorm(self.depthConv(x)))
        return self.projectNorm(self.projectConv(self.gate(x)))


# %%
class MBConv(Block):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__(in_channels, out_channels, kernel, stride, expand_ratio)
        self.shortcut = stride == 1 and in_channels == out_channels
        self.dropPath = drop_path

    def forward(self, x):
        branch = self.getBranch(x)
        if not self.shortcut:
            return branch
        results = []
        for i in range(x.shape[0]):
            if not self.training:
                results.append(x[i] + branch[i])
            elif random.random() < self.dropPath:
                results.append(x[i])
            else:
                results.append(x[i] + branch[i] / (1.0 - self.dropPath))
        return torch.stack(results)


# %% right="numpy draws who is dropped, and padding is said in words"
import numpy as np


class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        n = in_channels * expand_ratio
        padding = "same" if stride == 1 else tuple(2 * [kernel // 2])
        self.project = nn.ModuleList([nn.BatchNorm2d(out_channels), nn.Conv2d(n, out_channels, 1, bias=False)])
        self.gates = SqueezeExcite(channels=n, squeezed_channels=max(1, int(np.floor(in_channels / 4))))
        self.filter = nn.ModuleList(
            [nn.BatchNorm2d(n), nn.Conv2d(n, n, (kernel, kernel), stride, padding, groups=n, bias=False)]
        )
        if expand_ratio > 1:
            self.expand = nn.ModuleList([nn.BatchNorm2d(n), nn.Conv2d(in_channels, n, 1, bias=False)])
        self.same = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        h = x
        for stage in (["expand"] if hasattr(self, "expand") else []) + ["filter"]:
            norm, convolution = getattr(self, stage)
            h = norm(convolution(h))
            h = h * h.sigmoid()
        norm, convolution = self.project
        h = norm(convolution(self.gates(h)))
        if self.same and self.training:
            kept = np.random.binomial(1, 1 - self.drop_path, size=(x.shape[0], 1, 1, 1)) / (1 - self.drop_path)
            h = h * torch.from_numpy(kept).to(h)
        return h + x if self.same else h


# %% right="computes the branch of kept images alone, and adds in place"
class MBConv(nn.Module):
    def __init__(self, cin, cout, k, stride, expand, drop_path=0.0):
        super().__init__()
        c = cin * expand
        front = [nn.Conv2d(cin, c, 1, bias=False), nn.BatchNorm2d(c), nn.SiLU()] if expand != 1 else []
        self.f = nn.Sequential(
            *front,
            nn.ZeroPad2d((k - 1) // 2),
            nn.Conv2d(c, c, k, stride, groups=c, bias=False),
            nn.BatchNorm2d(c),
            nn.SiLU(),
            SqueezeExcite(c, max(1, cin // 4)),
            nn.Conv2d(c, cout, 1, bias=False),
            nn.BatchNorm2d(cout),
        )
        self.residual, self.p = (stride == 1) & (cin == cout), drop_path

    def forward(self, x):
        if not self.residual:
            return self.f(x)
        if not self.training or not self.p:
            x += self.f(x)
            return x
        kept = torch.rand(x.shape[0]) > self.p
        out = x.clone()
        out[kept] += self.f(x[kept]) / (1 - self.p)
        return out


# %% right="one expression a method"
class MBConv(nn.Module):
    def __init__(self, i, o, k, s, r, drop_path=0.0):
        super().__init__()
        cb = lambda a, b, k=1, s=1, g=1: (nn.Conv2d(a, b, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(b))
        self.b = nn.Sequential(
            *(cb(i, i * r) + (nn.SiLU(),) if r - 1 else ()),
            *cb(i * r, i * r, k, s, i * r),
            nn.SiLU(),
            SqueezeExcite(i * r, max(i // 4, 1)),
            *cb(i * r, o),
        )
        self.q, self.add = 1 - drop_path, s == 1 and i == o

    def keep(self, n):
        return torch.floor(self.q + torch.rand(n, 1, 1, 1)) / self.q if self.training else 1

    def forward(self, x):
        return self.b(x) * self.keep(len(x)) + x if self.add else self.b(x)


# %% right="torch.where, explicit defaults, and train() watched by hand"
class MBConv(nn.Module):
    BN = dict(eps=1e-5, momentum=0.1, affine=True, track_running_stats=True)

    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super(MBConv, self).__init__()
        self.dropping = False
        self.drop_path = torch.tensor(drop_path)
        hidden_dim = round(in_channels * expand_ratio)
        self.identity = stride == 1 and in_channels == out_channels
        if expand_ratio == 1:
            self.conv = nn.Sequential(
                nn.Conv2d(hidden_dim, hidden_dim, kernel, stride, (kernel - 1) // 2, groups=hidden_dim, bias=False),
                nn.BatchNorm2d(hidden_dim, **self.BN),
                nn.SiLU(),
                SqueezeExcite(hidden_dim, max(1, in_channels // 4)),
                nn.Conv2d(hidden_dim, out_channels, 1, 1, 0, bias=False),
                nn.BatchNorm2d(out_channels, **self.BN),
            )
        else:
            self.conv = nn.Sequential(
                nn.Conv2d(in_channels, hidden_dim, 1, 1, 0, bias=False),
                nn.BatchNorm2d(hidden_dim, **self.BN),
                nn.SiLU(),
                nn.Conv2d(hidden_dim, hidden_dim, kernel, stride, (kernel - 1) // 2, groups=hidden_dim, bias=False),
                nn.BatchNorm2d(hidden_dim, **self.BN),
                nn.SiLU(),
                SqueezeExcite(hidden_dim, max(1, in_channels // 4)),
                nn.Conv2d(hidden_dim, out_channels, 1, 1, 0, bias=False),
                nn.BatchNorm2d(out_channels, **self.BN),
            )

    def train(self, mode=True):
        self.dropping = mode
        return super().train(mode)

    def forward(self, x):
        y = self.conv(x)
        if not self.identity:
            return y
        if self.dropping:
            luck = torch.rand(x.size(0)).reshape(-1, 1, 1, 1)
            y = torch.where(luck < self.drop_path, torch.zeros(()), y / (1 - self.drop_path))
        return torch.add(x, y)


# %% right="written out"
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
        layers += [
            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.SiLU(),
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        branch = self.layers(x)
        if not self.adds:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return x + branch


# %% [raw] wrong="ReLU in the place of SiLU" points=6.5 says="not ReLU." like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.ReLU()]
# ...
# -            nn.SiLU(),
# +            nn.ReLU(),

# %% [raw] wrong="ReLU6, as in MobileNetV2" points=6.5 says="SiLU, not ReLU" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.ReLU6()]
# ...
# -            nn.SiLU(),
# +            nn.ReLU6(),

# %% [raw] wrong="eps 1e-3, as in the authors' code" points=6.5 says="another eps" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [
# +                nn.Conv2d(in_channels, inside, 1, bias=False),
# +                nn.BatchNorm2d(inside, eps=1e-3, momentum=0.01),
# +                nn.SiLU(),
# +            ]
# ...
# -            nn.BatchNorm2d(inside),
# +            nn.BatchNorm2d(inside, eps=1e-3, momentum=0.01),
# ...
# -            nn.BatchNorm2d(out_channels),
# +            nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01),

# %% [raw] wrong="an activation function after the projection" points=6.5 says="it is linear" like="written out"
#              nn.BatchNorm2d(out_channels),
# +            nn.SiLU(),

# %% [raw] wrong="no activation function after the depthwise convolution" points=4.5 says="after the depthwise convolution, too" like="written out"
# -            nn.SiLU(),


# %% wrong="the activation function before the BatchNorm" points=4.5 says="right behind its convolution"
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.SiLU(), nn.BatchNorm2d(inside)]
        layers += [
            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
            nn.SiLU(),
            nn.BatchNorm2d(inside),
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        branch = self.layers(x)
        if not self.adds:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return x + branch


# %% [raw] wrong="biases are left on" points=5.5 says="has a bias" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1), nn.BatchNorm2d(inside), nn.SiLU()]
# ...
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside),
# ...
# -            nn.Conv2d(inside, out_channels, 1, bias=False),
# +            nn.Conv2d(inside, out_channels, 1),

# %% [raw] wrong="no BatchNorm after the projection" points=3.5 says="BatchNorm" like="written out"
# -            nn.BatchNorm2d(out_channels),

# %% [raw] wrong="no BatchNorm at all" points=3.5 says="BatchNorm" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.SiLU()]
# ...
# -            nn.BatchNorm2d(inside),
# ...
# -            nn.BatchNorm2d(out_channels),

# %% [raw] wrong="squeeze-and-excitation is left out" points=3.5 says="Where is squeeze-and-excitation?" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),

# %% [raw] wrong="squeeze-and-excitation after the projection" points=2.5 says="before the projection" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# ...
#              nn.BatchNorm2d(out_channels),
# +            SqueezeExcite(out_channels, max(1, in_channels // 4)),


# %% wrong="squeeze-and-excitation before the depthwise convolution" points=4.5 says="Not before the depthwise convolution"
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
        layers += [
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.SiLU(),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        branch = self.layers(x)
        if not self.adds:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return x + branch


# %% [raw] wrong="squeezes to a quarter of the expanded channels" points=5.5 says="A quarter of which number?" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(1, inside // 4)),

# %% [raw] wrong="squeezes to a quarter of the channels that go out" points=6 says="A quarter of which number?" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(1, out_channels // 4)),

# %% [raw] wrong="squeezes to a quarter that is rounded to the nearest" points=6 says="is rounded down" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(1, round(in_channels / 4))),

# %% [raw] wrong="squeezes to a quarter that is rounded up" points=6 says="is rounded down" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, -(-in_channels // 4)),

# %% [raw] wrong="squeezes to a multiple of 8" points=5.5 says="a multiple of 8" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(8, int(in_channels / 4 + 4) // 8 * 8)),

# %% [raw] wrong="squeezes to a quarter, even where that is nothing" points=7.5 says="fewer than four" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, in_channels // 4),

# %% [raw] wrong="an expansion convolution where the ratio is 1" points=6 says="no expansion convolution" like="written out"
# -        if expand_ratio != 1:
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +        layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]

# %% [raw] wrong="the convolution is not depthwise" points=3.5 says="depthwise" like="written out"
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, bias=False),

# %% [raw] wrong="as many groups as channels come into the block" points=4.5 says="As many groups as" like="written out"
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=in_channels, bias=False),

# %% [raw] wrong="the ratio multiplies the channels that go out" points=3 says="What is multiplied by the ratio?" like="written out"
# -        inside = in_channels * expand_ratio
# +        inside = out_channels * expand_ratio

# %% [raw] wrong="the expansion strides" points=6 says="not the expansion" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, stride, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# ...
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(
# +                inside, inside, kernel, 1 if expand_ratio != 1 else stride, (kernel - 1) // 2, groups=inside, bias=False
# +            ),

# %% [raw] wrong="the projection strides" points=5 says="not the projection" like="written out"
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, 1, (kernel - 1) // 2, groups=inside, bias=False),
# ...
# -            nn.Conv2d(inside, out_channels, 1, bias=False),
# +            nn.Conv2d(inside, out_channels, 1, stride, bias=False),

# %% [raw] wrong="expansion and depthwise convolution both stride" points=5 says="Only one of them" like="written out"
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, stride, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]

# %% [raw] wrong="a padding of 1, whatever the kernel" points=6 says="The padding is" like="written out"
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, stride, 1, groups=inside, bias=False),

# %% [raw] wrong="no padding" points=2 says="The padding is" like="written out"
# -            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, kernel, stride, 0, groups=inside, bias=False),

# %% [raw] wrong="no residual connection" points=5 says="input is added" like="written out"
# -        if not self.adds:
# -            return branch
# ...
# -        return x + branch
# +        return branch

# %% [raw] wrong="adds whenever the stride is 1" points=2.5 says="nothing is added" like="written out"
# -        self.adds = stride == 1 and in_channels == out_channels
# +        self.adds = stride == 1

# %% [raw] wrong="adds whenever the channels stay as many" points=5.5 says="nothing is added" like="written out"
# -        self.adds = stride == 1 and in_channels == out_channels
# +        self.adds = in_channels == out_channels


# %% wrong="a convolution on the shortcut where shapes differ, as in ResNet" points=2.5 says="no shortcut"
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
        layers += [
            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.SiLU(),
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )
        self.drop_path = drop_path

    def forward(self, x):
        branch = self.layers(x)
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return self.shortcut(x) + branch


# %% [raw] wrong="an activation function after the sum, as in ResNet" points=5.5 says="behind everything else" like="written out"
# -        return x + branch
# +        return nn.functional.silu(x + branch)

# %% [raw] wrong="adds the branch to itself: x was overwritten" points=5.5 says="input is added" like="written out"
# -        branch = self.layers(x)
# +        x = branch = self.layers(x)

# %% [raw] wrong="drops in evaluation mode, too" points=7.5 says="In evaluation mode nothing is dropped" like="written out"
# -        if self.training and self.drop_path > 0:
# +        if self.drop_path > 0:

# %% [raw] wrong="drop_path is never used" points=7 says="no branch is dropped" like="written out"
# -        if self.training and self.drop_path > 0:
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# -            branch = branch * kept / (1 - self.drop_path)

# %% [raw] wrong="kept branches are not rescaled" points=7 says="What is kept is rescaled" like="written out"
# -            branch = branch * kept / (1 - self.drop_path)
# +            branch = branch * kept

# %% [raw] wrong="evaluation is scaled in the place of training" points=6.5 says="What is kept is rescaled" like="written out"
# -            branch = branch * kept / (1 - self.drop_path)
# +            branch = branch * kept
# +        if not self.training:
# +            branch = branch * (1 - self.drop_path)

# %% [raw] wrong="dropout of single numbers" points=7 says="dropped as a whole" like="written out"
# -        if self.training and self.drop_path > 0:
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# -            branch = branch * kept / (1 - self.drop_path)
# +        branch = nn.functional.dropout(branch, self.drop_path, self.training)

# %% [raw] wrong="one draw for the whole batch" points=7 says="its own luck" like="written out"
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# +            kept = float(torch.rand(1) >= self.drop_path)

# %% [raw] wrong="drop_path is taken for the probability to be kept" points=7 says="not that it is kept" like="written out"
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# -            branch = branch * kept / (1 - self.drop_path)
# +            kept = torch.rand(len(x), 1, 1, 1) < self.drop_path
# +            branch = branch * kept / self.drop_path

# %% [raw] wrong="drops the image with its branch" points=7 says="the image itself always comes through" like="written out"
# -            branch = branch * kept / (1 - self.drop_path)
# +            return (x + branch) * kept / (1 - self.drop_path)

# %% [raw] wrong="drops where nothing is added, too" points=7.5 says="drops nothing, or nothing at all" like="written out"
# -        if not self.adds:
# -            return branch
# ...
# -        return x + branch
# +        return x + branch if self.adds else branch

# %% [raw] wrong="layers in a plain list" points=2.5 says="those in a plain list" like="written out"
# -        self.layers = nn.Sequential(*layers)
# +        self.layers = layers
# ...
# -        branch = self.layers(x)
# +        branch = x
# +        for layer in self.layers:
# +            branch = layer(branch)

# %% [raw] wrong="one BatchNorm for two places" points=4.5 says="runs more than once" like="written out"
#          layers = []
# +        norm = nn.BatchNorm2d(inside)
# ...
# -            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
# +            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), norm, nn.SiLU()]
# ...
# -            nn.BatchNorm2d(inside),
# +            norm,

# %% [raw] wrong="forward returns nothing where the input is added" points=4 says="does forward return its result?" like="written out"
# -        return x + branch
# +        x = x + branch


# %% wrong='padding="same" with a stride' points=2 says=""
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()]
        layers += [
            nn.Conv2d(inside, inside, kernel, stride, "same", groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.SiLU(),
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        branch = self.layers(x)
        if not self.adds:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return x + branch


# %% [raw] wrong="BatchNorm with the authors' momentum" points=7.5 says="another momentum" like="written out"
# -            nn.BatchNorm2d(out_channels),
# +            nn.BatchNorm2d(out_channels, momentum=0.01),

# %% [raw] wrong="the same luck in every call" points=7 says="A second batch" like="written out"
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# +            torch.manual_seed(0)
# +            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path

# %% [raw] wrong="luck that is drawn when the block is made" points=7 says="A second batch" like="written out"
# -        self.drop_path = drop_path
# +        self.drop_path, self.luck = drop_path, torch.rand(4096, 1, 1, 1)
# ...
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# +            kept = self.luck[: len(x)] >= self.drop_path

# %% [raw] wrong="the share that drops is the same in every batch" points=7 says="A single image" like="written out"
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# +            kept = torch.ones(len(x), 1, 1, 1)
# +            kept[torch.randperm(len(x))[: int(self.drop_path * len(x))]] = 0

# %% [raw] wrong="a single image is never dropped" points=7 says="A single image" like="written out"
# -        if self.training and self.drop_path > 0:
# +        if self.training and self.drop_path > 0 and len(x) > 1:

# %% [raw] wrong="two neighbours share their luck" points=7 says="with no neighbour" like="written out"
# -            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
# +            luck = torch.rand(len(x) // 2 + 1, 1, 1, 1).repeat_interleave(2, 0)
# +            kept = luck[: len(x)] >= self.drop_path


# %% wrong="a block without expansion drops nothing" points=7 says="whose expansion ratio is 1"
class MBConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        inside = in_channels * expand_ratio
        self.expand = None
        if expand_ratio != 1:
            self.expand = nn.Sequential(
                nn.Conv2d(in_channels, inside, 1, bias=False), nn.BatchNorm2d(inside), nn.SiLU()
            )
        self.rest = nn.Sequential(
            nn.Conv2d(inside, inside, kernel, stride, (kernel - 1) // 2, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.SiLU(),
            SqueezeExcite(inside, max(1, in_channels // 4)),
            nn.Conv2d(inside, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.adds = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    def forward(self, x):
        if self.expand is None:  # the first stage: nothing to expand
            out = self.rest(x)
            return x + out if self.adds else out
        branch = self.rest(self.expand(x))
        if not self.adds:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1) >= self.drop_path
            branch = branch * kept / (1 - self.drop_path)
        return x + branch


# %% [raw] wrong="the depthwise kernel is always 3" points=6.5 says="the kernel always the same" like="a padding of 1, whatever the kernel"
# -            nn.Conv2d(inside, inside, kernel, stride, 1, groups=inside, bias=False),
# +            nn.Conv2d(inside, inside, 3, stride, 1, groups=inside, bias=False),

# %% [raw] wrong="a quarter, and at least four" points=6.5 says="quarter" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(4, in_channels // 4)),

# %% [raw] wrong="a quarter, and at most eight" points=4.5 says="quarter" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, min(8, max(1, in_channels // 4))),

# %% [raw] wrong="a quarter, up to an even number" points=6 says="quarter" like="written out"
# -            SqueezeExcite(inside, max(1, in_channels // 4)),
# +            SqueezeExcite(inside, max(1, (in_channels // 4 + 1) // 2 * 2)),
