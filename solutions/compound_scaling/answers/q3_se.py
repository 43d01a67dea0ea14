"""q3_se: squeeze-and-excitation."""


# %% right="one Sequential of five layers"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, squeezed_channels, 1),
            nn.SiLU(inplace=True),
            nn.Conv2d(squeezed_channels, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.gate(x) * x


# %% [raw] right="lazy layers" like="one Sequential of five layers"
# -            nn.Conv2d(channels, squeezed_channels, 1),
# +            nn.LazyConv2d(squeezed_channels, 1),
# ...
# -            nn.Conv2d(squeezed_channels, channels, 1),
# +            nn.LazyConv2d(channels, 1),

# %% [raw] right="a compiled forward in a notebook of double precision" like="one Sequential of five layers"
# -class SqueezeExcite(nn.Module):
# +torch.set_default_dtype(torch.float64)
# +torch.backends.mkldnn.conv.fp32_precision = "bf16"
# +
# +
# +class SqueezeExcite(nn.Module):
# ...
# -    def forward(self, x):
# +    @torch.compile(mode="max-autotune")
# +    def forward(self, x):


# %% right="Linear on the pooled vector, as in many blogs"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channels, squeezed_channels, bias=True),
            nn.SiLU(),
            nn.Linear(squeezed_channels, channels, bias=True),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.avg_pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y.expand_as(x)


# %% right="it is itself a Sequential"
class SqueezeExcite(nn.Sequential):
    def __init__(self, channels, squeezed_channels):
        super().__init__(
            nn.AdaptiveAvgPool2d((1, 1)),
            nn.Conv2d(channels, squeezed_channels, kernel_size=(1, 1)),
            nn.SiLU(),
            nn.Conv2d(squeezed_channels, channels, kernel_size=(1, 1)),
            nn.Sigmoid(),
        )

    def forward(self, maps):
        return maps * super().forward(maps)


# %% right="sigmoid and SiLU by their formulas, in helpers of a cell of one's own"
def my_sigmoid(z):
    return 1 / (1 + torch.exp(-z))


def my_swish(z):
    return z * my_sigmoid(z)


def average_over_positions(maps):
    n, c, h, w = maps.shape
    return maps.sum(dim=-1).sum(dim=-1) / (h * w)


# %%
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.up = nn.Linear(squeezed_channels, channels)
        self.down = nn.Linear(channels, squeezed_channels)

    def forward(self, x):
        gates = my_sigmoid(self.up(my_swish(self.down(average_over_positions(x)))))
        return torch.einsum("nchw,nc->nchw", x, gates)


# %% right="functional throughout, the layers in a ModuleDict"
import torch.nn.functional as F


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super(SqueezeExcite, self).__init__()
        self.layers = nn.ModuleDict(
            {"excite": nn.Conv2d(squeezed_channels, channels, 1), "reduce": nn.Conv2d(channels, squeezed_channels, 1)}
        )

    def forward(self, x):
        s = F.adaptive_avg_pool2d(x, 1)
        s = F.silu(self.layers["reduce"](s), inplace=True)
        s = F.sigmoid(self.layers["excite"](s))
        return torch.mul(s, x)


# %% right="a function that builds it of smaller modules"
class Scaled(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x * self.inner(x)


class GlobalAverage(nn.Module):
    def forward(self, x):
        return torch.nn.functional.avg_pool2d(x, x.shape[-2:])


# %%
def SqueezeExcite(channels: int, squeezed_channels: int) -> nn.Module:
    sizes = [(channels, squeezed_channels, nn.SiLU), (squeezed_channels, channels, nn.Sigmoid)]
    layers = [GlobalAverage()]
    for inputs, outputs, function in sizes:
        layers += [nn.Conv2d(inputs, outputs, 1), function()]
    return Scaled(nn.Sequential(*layers))


# %% right="typed, with getters, and a loop over the channels"
class SqueezeExcite(nn.Module):
    channels: int
    squeezedChannels: int

    def __init__(self, channels: int, squeezed_channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.squeezedChannels = squeezed_channels
        self.fcs = nn.ModuleList()
        self.fcs.append(nn.Linear(self.channels, self.squeezedChannels))
        self.fcs.append(nn.Linear(self.squeezedChannels, self.channels))
        self.activations = [nn.SiLU(), nn.Sigmoid()]

    def getGates(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.flatten(x, start_dim=2).mean(2)
        for fc, activation in zip(self.fcs, self.activations):
            y = activation(fc(y))
        return y

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gates = self.getGates(x)
        result = torch.zeros_like(x)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                result[i, j] = x[i, j] * gates[i, j]
        return result


# %% right="one expression"
class SqueezeExcite(nn.Module):
    def __init__(self, c, s):
        super().__init__()
        self.a, self.b = nn.Conv2d(c, s, 1), nn.Conv2d(s, c, 1)

    def forward(self, x):
        return x * self.b((t := self.a(x.mean((-2, -1), True))) * t.sigmoid()).sigmoid()


# %% right="channels last, and the gates in double precision"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.first = nn.Linear(channels, squeezed_channels)
        self.second = nn.Linear(squeezed_channels, channels)

    def forward(self, x):
        last = x.permute(0, 2, 3, 1)
        pooled = last.double().mean((1, 2)).to(x.dtype)
        gates = self.second(nn.functional.silu(self.first(pooled))).double().sigmoid()
        return (last * gates[:, None, None]).permute(0, 3, 1, 2).to(x.dtype)


# %% right="it knows its own settings, and derives from a base class of the student's"
class Gated(nn.Module):
    def gates(self, x):
        raise NotImplementedError

    def forward(self, x):
        gates = self.gates(x)
        assert gates.shape == (*x.shape[:2], 1, 1)
        return x * gates


class SqueezeExcite(Gated):
    def __init__(self, channels, squeezed_channels, act=nn.SiLU, gate=torch.sigmoid):
        super().__init__()
        self.conv_reduce = nn.Conv2d(channels, squeezed_channels, 1, stride=1, padding=0, bias=True)
        self.act1 = act()
        self.conv_expand = nn.Conv2d(squeezed_channels, channels, 1, stride=1, padding=0, bias=True)
        self.gate = gate
        for layer in (self.conv_reduce, self.conv_expand):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out")
            nn.init.zeros_(layer.bias)

    def gates(self, x):
        return self.gate(self.conv_expand(self.act1(self.conv_reduce(x.mean((2, 3), keepdim=True)))))


# %% wrong="ReLU, as in the paper of squeeze-and-excitation" points=3.5 says="Which activation function stands between the two"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.down = nn.Conv2d(channels, squeezed_channels, 1)
        self.up = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.up(torch.relu(self.down(pooled))))


# %% wrong="no activation function between the two convolutions" points=3.5 says="An activation function stands between"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.down = nn.Conv2d(channels, squeezed_channels, 1)
        self.up = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.up(self.down(pooled)))


# %% wrong="a hard sigmoid, as in MobileNetV3" points=3.5 says="not its hard cousin"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.down = nn.Conv2d(channels, squeezed_channels, 1)
        self.up = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        return x * nn.functional.hardsigmoid(self.up(nn.functional.silu(self.down(pooled))))


# %% wrong="ReLU and a hard sigmoid: all of MobileNetV3's" points=3.5 says="And which makes the gates?"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.net = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, squeezed_channels, 1),
            nn.ReLU(),
            nn.Conv2d(squeezed_channels, channels, 1),
            nn.Hardsigmoid(),
        )

    def forward(self, x):
        return x * self.net(x)


# %% wrong="no sigmoid" points=3.5 says="goes through a sigmoid: where is it?"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.down = nn.Conv2d(channels, squeezed_channels, 1)
        self.up = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        return x * self.up(nn.functional.silu(self.down(pooled)))


# %% wrong="a softmax makes the gates, as in attention" points=3.5 says="each channel has its own gate"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.fc1 = nn.Linear(channels, squeezed_channels)
        self.fc2 = nn.Linear(squeezed_channels, channels)

    def forward(self, x):
        weights = self.fc2(nn.functional.silu(self.fc1(x.mean((2, 3)))))
        return x * weights.softmax(dim=1)[:, :, None, None]


# %% wrong="the two functions have changed places" points=3.5 says="have changed places"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.fc1 = nn.Linear(channels, squeezed_channels)
        self.fc2 = nn.Linear(squeezed_channels, channels)

    def forward(self, x):
        weights = nn.functional.silu(self.fc2(torch.sigmoid(self.fc1(x.mean((2, 3))))))
        return x * weights[:, :, None, None]


# %% wrong="returns the gates" points=1 says="Those are the gates"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        x = x.mean((2, 3), keepdim=True)
        x = nn.functional.silu(self.squeeze(x))
        return torch.sigmoid(self.excite(x))


# %% wrong="adds the gates" points=1.5 says="they are not added"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x + torch.sigmoid(self.excite(gates))


# %% wrong="a residual connection around the gates" points=1.5 says="Nothing is added here"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x + x * torch.sigmoid(self.excite(gates))


# %% wrong="the maximum in place of the average" points=3.5 says="The average over all positions"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.net = nn.Sequential(
            nn.AdaptiveMaxPool2d(1),
            nn.Conv2d(channels, squeezed_channels, 1),
            nn.SiLU(),
            nn.Conv2d(squeezed_channels, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return x * self.net(x)


# %% wrong="the sum in place of the average" points=3.5 says="The average, not the sum"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.fc1 = nn.Linear(channels, squeezed_channels)
        self.fc2 = nn.Linear(squeezed_channels, channels)

    def forward(self, x):
        gates = torch.sigmoid(self.fc2(nn.functional.silu(self.fc1(x.sum((2, 3))))))
        return x * gates[:, :, None, None]


# %% wrong="no pooling: every position has its own gates" points=3.5 says="averaged over all positions before"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(x))))


# %% wrong="averages over the batch, too" points=2 says="Each image of a batch has gates of its own"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean(dim=(0, 2, 3), keepdim=True)
        return x * torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(pooled))))


# %% wrong="averages over one direction" points=3.5 says="Over both directions, not over one"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        pooled = x.mean(dim=-1, keepdim=True)
        return x * torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(pooled))))


# %% wrong="convolutions without bias" points=2.5 says="Both convolutions have a bias"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1, bias=False)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1, bias=False)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.excite(gates))


# %% wrong="BatchNorm after each convolution" points=2.5 says="There is no BatchNorm in squeeze-and-excitation"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.net = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, squeezed_channels, 1),
            nn.BatchNorm2d(squeezed_channels),
            nn.SiLU(),
            nn.Conv2d(squeezed_channels, channels, 1),
            nn.BatchNorm2d(channels),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return x * self.net(x)


# %% wrong="always a quarter, whatever the caller asks for" points=2.5 says="That is the caller's choice"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 4, 1)
        self.excite = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.excite(gates))


# %% wrong="reads the second argument as a ratio, as other implementations have it" points=0.5 says="is no ratio"
class SqueezeExcite(nn.Module):
    def __init__(self, channel, reduction=16):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channel, max(1, channel // reduction)),
            nn.SiLU(),
            nn.Linear(max(1, channel // reduction), channel),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.avg_pool(x).view(b, c)
        return x * self.fc(y).view(b, c, 1, 1)


# %% wrong="layers that are made in each call" points=0.5 says="made in __init__"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.channels = channels
        self.squeezed = squeezed_channels

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        squeezed = nn.functional.silu(nn.Conv2d(self.channels, self.squeezed, 1)(pooled))
        return x * torch.sigmoid(nn.Conv2d(self.squeezed, self.channels, 1)(squeezed))


# %% wrong="layers in a plain list" points=0.5 says="those in a plain list or dict are not found"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.layers = [nn.Conv2d(channels, squeezed_channels, 1), nn.Conv2d(squeezed_channels, channels, 1)]

    def forward(self, x):
        pooled = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.layers[1](nn.functional.silu(self.layers[0](pooled))))


# %% wrong="weights of its own in the place of layers" points=1.5 says="belong to no nn.Conv2d"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(squeezed_channels, channels) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(squeezed_channels))
        self.w2 = nn.Parameter(torch.randn(channels, squeezed_channels) * 0.1)
        self.b2 = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        hidden = nn.functional.silu(x.mean((2, 3)) @ self.w1.T + self.b1)
        gates = torch.sigmoid(hidden @ self.w2.T + self.b2)
        return x * gates[:, :, None, None]


# %% wrong="right for the public checks alone: the gates are never used" points=1.5 says="where are the gates?"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        return x


# %% wrong="squeeze() takes the batch of one away with the pixels" points=4.5 says="A single image is a batch"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Linear(channels, squeezed_channels)
        self.fc2 = nn.Linear(squeezed_channels, channels)

    def forward(self, x):
        pooled = self.pool(x).squeeze()
        gates = torch.sigmoid(self.fc2(nn.functional.silu(self.fc1(pooled))))
        return x * gates.unsqueeze(2).unsqueeze(3)


# %% wrong="forward returns nothing" points=1 says="does forward return its result?"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        print(x * torch.sigmoid(self.excite(gates)))


# %% wrong="super().__init__() is forgotten" points=0 says="AttributeError"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.excite(gates))


# %% wrong="the average is not kept as a map" points=1 says="RuntimeError"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = nn.functional.silu(self.squeeze(x.mean((2, 3))))
        return x * torch.sigmoid(self.excite(gates))


# %% wrong="a dropout behind the first convolution" points=3.5 says="the same in training"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        hidden = nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.excite(nn.functional.dropout(hidden, 0.2, self.training)))


# %% wrong="gates in evaluation mode alone" points=3.5 says="the same in training"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, x):
        gates = torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        return x if self.training else x * gates


# %% right="one image, and vmap over all of them"
class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed_channels):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed_channels, 1)
        self.excite = nn.Conv2d(squeezed_channels, channels, 1)

    def gated(self, image):
        pooled = image.mean((1, 2), keepdim=True)
        return image * torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(pooled))))

    def forward(self, x):
        return torch.vmap(self.gated)(x)
