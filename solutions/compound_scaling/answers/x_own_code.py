"""x_own_code: two questions about one's own MBConv; the first cell of an answer with a block is of q3_mbconv."""

# %% right="SE's shapes as those of an nn.Linear; lists"
my_depthwise = "branch.3"
my_shapes = [[2, 144, 15, 15], [2, 144, 8, 8], [2, 6], [2, 144], [2, 40, 8, 8]]


# %% right="found by looking"
my_block, my_shapes = MBConv(24, 40, kernel=5, stride=2, expand_ratio=6), []
for my_name, my_layer in my_block.named_modules():
    if isinstance(my_layer, (nn.Conv2d, nn.Linear)):
        my_layer.register_forward_hook(lambda layer, given, out: my_shapes.append(tuple(out.shape)))
    if isinstance(my_layer, nn.Conv2d) and my_layer.groups > 1:
        my_depthwise = my_name
my_block(torch.rand(2, 24, 15, 15))


# %% right="torch's sizes"
my_depthwise = "branch.3"
my_shapes = [torch.Size(one) for one in [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]]


# %% wrong="the expansion" points=1 says="That is the expansion"
my_depthwise = "branch.0"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="the projection" points=1 says="stands behind it"
my_depthwise = "branch.7"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="the BatchNorm behind it" points=1 says="stands behind it"
my_depthwise = "branch.4"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="squeeze-and-excitation" points=1 says="That is squeeze-and-excitation"
my_depthwise = "branch.6"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="no such name" points=1 says="block.named_modules()"
my_depthwise = "depthwise"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="the layer itself" points=1 says="and not the layer itself"
my_depthwise = MBConv(24, 40, 5, 2, 6).branch[3]
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="sizes that round down" points=1 says="rounds up here"
my_depthwise = "branch.3"
my_shapes = [(2, 144, 15, 15), (2, 144, 7, 7), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 7, 7)]


# %% wrong="without the layers of squeeze-and-excitation" points=1 says="has layers, too"
my_depthwise = "branch.3"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 40, 8, 8)]


# %% wrong="of one image" points=1 says="How many images"
my_depthwise = "branch.3"
my_shapes = [(1, 144, 15, 15), (1, 144, 8, 8), (1, 6, 1, 1), (1, 144, 1, 1), (1, 40, 8, 8)]


# %% wrong="without the images" points=1 says="the first size"
my_depthwise = "branch.3"
my_shapes = [(144, 15, 15), (144, 8, 8), (6, 1, 1), (144, 1, 1), (40, 8, 8)]


# %% wrong="the expansion strides" points=1 says="Which of the convolutions strides"
my_depthwise = "branch.3"
my_shapes = [(2, 144, 8, 8), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]


# %% wrong="a text" points=1 says="A list of tuples"
my_depthwise = "branch.3"
my_shapes = "(2, 144, 15, 15), (2, 144, 8, 8)"
