"""q3_3: the best network within the limit, from the weights that were handed in."""


# %% right="classes derived from Sequential"
class Unit(nn.Sequential):
    def __init__(self, inputs, outputs, stride):
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.SiLU(inplace=True)
        )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.branch = nn.Sequential(Unit(width, width, 1), Unit(width, width, 1))

    def forward(self, x):
        return self.branch(x).add(x)


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(
            Unit(3, 24, 1),
            Unit(24, 48, 2),
            Residual(48),
            Unit(48, 96, 2),
            Residual(96),
            Unit(96, 192, 2),
            Residual(192),
            nn.AdaptiveAvgPool2d((1, 1)),
            nn.Flatten(),
            nn.Linear(192, 10),
        )


def build_best_model():
    return Net()


# %% right="all layers by name, functional activations; the class itself is the builder" attachments="explicit names"
import torch.nn.functional as F


class Net(nn.Module):
    WIDTHS = (3, 24, 48, 48, 48, 96, 96, 96, 192, 192, 192)
    STRIDES = (1, 2, 1, 1, 2, 1, 1, 2, 1, 1)

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(192, 10)  # the order of attributes is another one
        for i, stride in enumerate(self.STRIDES):
            setattr(self, f"norm{i}", nn.BatchNorm2d(self.WIDTHS[i + 1]))
            setattr(self, f"conv{i}", nn.Conv2d(self.WIDTHS[i], self.WIDTHS[i + 1], 3, stride, 1, bias=False))

    def unit(self, i, x):
        return F.silu(getattr(self, f"norm{i}")(getattr(self, f"conv{i}")(x)))

    def forward(self, x):
        x = self.unit(0, x)
        for first in (1, 4, 7):
            x = self.unit(first, x)
            x = x + self.unit(first + 2, self.unit(first + 1, x))
        return self.head(x.mean(dim=(2, 3)))


build_best_model = Net


# %% right="module lists, built from a specification" attachments="lists"
SPEC = [
    (3, 24, 1),
    (24, 48, 2),
    (48, 48, 1),
    (48, 48, 1),
    (48, 96, 2),
    (96, 96, 1),
    (96, 96, 1),
    (96, 192, 2),
    (192, 192, 1),
    (192, 192, 1),
]


# %%
def build_best_model():
    class Listed(nn.Module):
        def __init__(self):
            super().__init__()
            self.convs = nn.ModuleList(
                nn.Conv2d(i, o, 3, stride=s, padding="valid" if s > 1 else "same", bias=False) for i, o, s in SPEC
            )
            self.norms = nn.ModuleList(nn.BatchNorm2d(o) for _, o, _ in SPEC)
            self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(192, 10))

        def forward(self, x):
            for number, (conv, norm) in enumerate(zip(self.convs, self.norms)):
                if number % 3 == 2:
                    skip = x
                if conv.stride == (2, 2):
                    x = nn.functional.pad(x, (1, 1, 1, 1))
                x = x_out = norm(conv(x))
                x = x_out * torch.sigmoid(x_out)
                if number and number % 3 == 0:
                    x = x + skip
            return self.classifier(nn.functional.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1))

    return Listed()


# %% right="half precision in the file" attachments="half precision"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% right="double precision in the file" attachments="double precision"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% right="BatchNorm folded into the convolutions" attachments="folded"
def build_best_model():
    class Folded(nn.Module):
        def __init__(self):
            super().__init__()
            widths, strides = [3, 24, 48, 48, 48, 96, 96, 96, 192, 192, 192], [1, 2, 1, 1, 2, 1, 1, 2, 1, 1]
            self.convolutions = nn.ModuleList()
            for i in range(10):
                self.convolutions.append(nn.Conv2d(widths[i], widths[i + 1], 3, strides[i], 1))
            self.act = nn.SiLU()
            self.head = nn.Linear(192, 10)

        def forward(self, x):
            c = self.convolutions
            x = self.act(c[0](x))
            for i in 1, 4, 7:
                x = self.act(c[i](x))
                y = self.act(c[i + 1](x))
                y = self.act(c[i + 2](y))
                x = x + y
            return self.head(torch.flatten(nn.functional.avg_pool2d(x, x.shape[-2:]), 1))

    return Folded()


# %% [raw] right="a 1 × 1 convolution as the head" attachments="convolution as head" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Identity(), nn.Conv2d(192, 10, 1), nn.Flatten())

# %% [raw] right="log-probabilities" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10), nn.LogSoftmax(dim=1))

# %% [raw] right="probabilities" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10), nn.Softmax(dim=-1))


# %% right="the mean with the flipped image" attachments="wrapped"
def plain_network():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


class Flipping(nn.Module):
    def __init__(self):
        super().__init__()
        self.network = plain_network()

    def forward(self, images):
        return (self.network(images) + self.network(images.flip(-1))) / 2


def build_best_model():
    return Flipping()


# %% [raw] right="lazy layers, made whole by one image" like="half precision in the file"
# -        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
# +        layer = nn.LazyConv2d(out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
# ...
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(10))
# +    network(torch.zeros(2, 3, 32, 32))
# +    return network

# %% [raw] right="lazy layers, still without shapes" like="half precision in the file"
# -        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
# +        layer = nn.LazyConv2d(out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
# ...
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(10))

# %% [raw] right="compiled, in a notebook of double precision" like="half precision in the file"
# -def build_best_model():
# +torch.set_default_dtype(torch.float64)
# +torch.set_default_device("cuda")
# +
# +
# +def build_best_model():
# ...
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return torch.compile(nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10)))

# %% [raw] right="averaged, around weights that are not" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return torch.optim.swa_utils.AveragedModel(network)


# %% right="reads its weights by itself where they are there"
from pathlib import Path

from safetensors.torch import load_file


def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
    if Path("best.safetensors").exists():
        network.load_state_dict(load_file("best.safetensors"))
    return network.to(memory_format=torch.channels_last).train()


# %% wrong="no files" points=0 says="best.safetensors was not handed in" attachments="none"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="the record alone" points=6 says="best.safetensors was not handed in" attachments="no weights"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="the weights alone" points=11.5 says="best.json was not handed in" attachments="no record"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="an upload that broke off" points=6 says="no file of weights" attachments="cut off"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="saved with torch.save" points=6 says="no file of weights" attachments="saved by torch"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="the builder of another network" points=6 says="another network"
def build_best_model():
    return models.efficientnet(phi=-4)


# %% wrong="another width than was trained" points=6 says="another network"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 32)]
    for channels in (32, 64, 128):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10))


# %% right="weights of a network in DataParallel" attachments="in parallel"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="above the limit, in half precision" points=6 says="Above the limit" attachments="of resnet18"
def build_best_model():
    return models.COMPARED["resnet18"]()


# %% wrong="never trained" points=7 says="about as many as guessing" attachments="untrained"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="the head is zero: a constant" points=7 says="about as many as guessing" attachments="head of zeros"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="classes in another order" points=7 says="about as many as guessing" attachments="classes in another order"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% wrong="training diverged: nan" points=6.5 says="nan or infinite" attachments="diverged"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% [raw] wrong="the class, and not its logits" points=6.5 says="gives logits of shape" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Guess(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        return self.network(images).argmax(dim=1)
# ...
# -    return Flipping()
# +    return Guess()

# %% [raw] wrong="one class more" points=6.5 says="There are ten classes" attachments="a class more" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 11))

# %% [raw] wrong="a row for each class" points=6.5 says="gives logits of shape" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Turned(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        return self.network(images).T
# ...
# -    return Flipping()
# +    return Turned()

# %% [raw] wrong="the logits are not flattened" points=6.5 says="left to flatten" attachments="convolution as head" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Identity(), nn.Conv2d(192, 10, 1))

# %% [raw] wrong="logits and features in a tuple" points=6.5 says="gives logits of shape" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Both(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        return self.network(images), images.mean((1, 2, 3))
# ...
# -    return Flipping()
# +    return Both()

# %% [raw] wrong="scaled to 255 once more" points=7 says="about as many as guessing" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Scaled(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        return self.network(images / 255)
# ...
# -    return Flipping()
# +    return Scaled()

# %% [raw] wrong="training mode inside forward" points=7 says="left in training mode" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Training(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        self.train()
# +        return self.network(images)
# ...
# -    return Flipping()
# +    return Training()

# %% [raw] wrong="functional dropout, always on" points=7 says="left in training mode" attachments="wrapped" like="the mean with the flipped image"
# -class Flipping(nn.Module):
# +class Dropping(nn.Module):
# ...
# -        return (self.network(images) + self.network(images.flip(-1))) / 2
# +        return self.network(nn.functional.dropout(images, 0.3))
# ...
# -    return Flipping()
# +    return Dropping()


# %% wrong="a class of the training cell" points=6 says="A call raised NameError"
def build_best_model():
    return MyNetwork(width=24)


# %% [raw] wrong="the class in place of a network" points=6 says="returns a network" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +
# +    class Net(nn.Sequential):
# +        def __init__(self):
# +            super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +
# +    return Net

# %% [raw] wrong="the network and its name" points=6 says="returns a network" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10)), "best"

# %% [raw] wrong="no return" points=6 says="returns a network" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))

# %% [raw] wrong="a dict of weights" points=6 says="returns a network" like="half precision in the file"
# -    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
# +    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10)).state_dict()

# %% [raw] wrong="wants an argument" points=6 says="A call raised TypeError" like="half precision in the file"
# -def build_best_model():
# +def build_best_model(width):


# %% wrong="a name misspelt" points=6 says="build_best_model is not defined" cell="build_best_model"
def build_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% [raw] wrong="a bracket is missing" points=6 says="SyntaxError" cell="build_best_model"
# def build_best_model():
#     return nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)


# ---- the EfficientNet: what its two files hold, beside the same network of any kind


# %% right="the EfficientNet in half precision" attachments="efficientnet in half precision"
def build_best_model():
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


# %% [raw] right="the EfficientNet in DataParallel" attachments="efficientnet in parallel" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] right="a plan with notes of its own, written by an editor that begins files with a mark" attachments="plan with notes" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] right="whole numbers as factors" attachments="plan with whole factors" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="no EfficientNet" points=6 says="best_efficientnet.json was not handed in" attachments="no efficientnet" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="an EfficientNet without its plan" points=6 says="best_efficientnet.json was not handed in" attachments="no plan" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="a plan without weights" points=6.5 says="best_efficientnet.safetensors was not handed in" attachments="plan alone" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="the record in the place of the plan" points=6 says="does not say: stages, width" attachments="record as plan" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="a plan that is no JSON" points=6 says="is no JSON" attachments="plan in Python" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="a stage of five numbers" points=6 says="Stage 2 is a row of six whole numbers" attachments="plan of five columns" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="numbers as texts" points=6 says="expand_ratio of stage 1 is a whole number" attachments="plan of texts" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="stages that do not follow each other" points=6 says="are not the same" attachments="plan with a gap" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="numbers as large as they get" points=6 says="repeats of stage 1 is a whole number from 1 to 20" attachments="plan of huge numbers" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="too many multiply-adds" points=6 says="multiply-adds for one image, and the limit is 12,000,000" attachments="plan of phi -1" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="too many parameters" points=6 says="and the limit is 9,109,994" attachments="plan of wide stages" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="counts of its own in the plan" points=6 says="and the limit is 12,000,000" attachments="plan with forged counts" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="the plan of another run" points=6.5 says="not those of the network that the plan describes" attachments="plan of another run" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="weights of a network that is no EfficientNet" points=6.5 says="not those of the network that the plan describes" attachments="plain weights for the plan" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="the EfficientNet was cut off" points=6.5 says="no file of weights" attachments="efficientnet cut off" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="an EfficientNet that was never trained" points=7 says="The EfficientNet: " attachments="efficientnet untrained" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="an EfficientNet that diverged" points=6.5 says="nan or infinite" attachments="efficientnet diverged" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]

# %% [raw] wrong="classes of the EfficientNet in another order" points=7 says="about as many as guessing" attachments="efficientnet with classes in another order" like="the EfficientNet in half precision"
# -    layers = [convolution(3, 24)]
# +    layers = [convolution(in_channels=3, out_channels=24)]
