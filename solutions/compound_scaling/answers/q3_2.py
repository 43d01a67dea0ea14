"""q3_2: the shape of one batch of the training loader."""

# %% right="next of iter"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch, targets = next(iter(train_loader))
batch_shape = tuple(batch.shape)


# %% right="a loop that breaks; torch's own size"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
for images, labels in train_loader:
    batch_shape = images.shape
    break


# %% right="the last one of a whole pass, which is as large"
train_loader = data.loader(images=cifar.train, batch_size=128, train=True)
for i, batch in enumerate(train_loader):
    x, y = batch
    batch_shape = (x.size(0), x.size(1), x.size(2), x.size(3))


# %% right="all batches in a list"
train_loader = data.loader(cifar.train, 128, True)
batches = list(train_loader)
batch_shape = list(batches[0][0].size())


# %% right="numpy's shape, as an array"
import numpy as np

train_loader = data.loader(cifar.train, train=True)
batch_shape = np.array(next(iter(train_loader))[0].numpy().shape)


# %% right="a function of its own"
def shape_of_first_batch(loader):
    images, _ = next(iter(loader))
    return [images.size(dimension) for dimension in range(images.dim())]


# %% cell="train_loader"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = shape_of_first_batch(train_loader)


# %% right="a named tuple"
from collections import namedtuple

BatchShape = namedtuple("BatchShape", "N C H W")


# %% cell="train_loader"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = BatchShape(*next(iter(train_loader))[0].shape)


# %% right="from the loader and one image"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = (train_loader.batch_size, *cifar.train.images.shape[1:])


# %% right="a tensor of sizes"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = torch.tensor(next(iter(train_loader))[0].shape)


# %% right="worked out by hand, on paper"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = (128, 3, 32, 32)


# %% right="floats of whole value, from a quotient"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
n, c = len(labels), images.shape[1]
side = (images.numel() / n / c) ** 0.5
batch_shape = (n, c, side, side)


# %% right="numpy's numbers, from a copy"
import numpy as np

train_loader = data.loader(cifar.train, batch_size=128, train=True)
images = np.ascontiguousarray(next(iter(train_loader))[0])
batch_shape = tuple(np.int64(size) for size in np.shape(images))


# %% wrong="channels last" points=2 says="channels come before height and width"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.permute(0, 2, 3, 1).shape)


# %% wrong="without the batch: one image" points=0 says="the shape of one image"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images[0].shape)


# %% wrong="the shape of the labels" points=0 says="the shape of the labels"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(labels.shape)


# %% wrong="the whole training set" points=2 says="how many come at once"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = tuple(cifar.train.images.shape)


# %% wrong="the whole training set at once" points=2 says="how many come at once"
train_loader = data.loader(cifar.train, batch_size=len(cifar.train), train=True)
batch_shape = tuple(next(iter(train_loader))[0].shape)


# %% wrong="the last batch of a pass without augmentation" points=2 says="last, shorter batch"
train_loader = data.loader(cifar.train, batch_size=128)
for images, labels in train_loader:
    batch_shape = tuple(images.shape)


# %% wrong="the test images, to their last batch" points=2 says="last batch of the test images" cell="train_loader"
test_loader = data.loader(cifar.test, batch_size=128)
for images, labels in test_loader:
    batch_shape = tuple(images.shape)


# %% wrong="another batch size" points=2 says="the batch size that the notebook asks for"
train_loader = data.loader(cifar.train, batch_size=64, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.shape)


# %% wrong="a batch of one" points=2 says="a single image"
train_loader = data.loader(cifar.train, batch_size=1, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.shape)


# %% wrong="how many batches" points=2 says="how many batches there are"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = (len(train_loader), *images.shape[1:])


# %% wrong="colours first" points=1.25 says="The images come first"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.transpose(0, 1).shape)


# %% wrong="rows of numbers" points=0 says="rows of numbers"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.flatten(1).shape)


# %% wrong="ImageNet's size" points=2.5 says="ImageNet's size"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(nn.functional.interpolate(images, 224).shape)


# %% wrong="with the padding" points=2.5 says="The padding is cut off"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(nn.functional.pad(images, (4, 4, 4, 4)).shape)


# %% wrong="how many numbers" points=0 says="That is one number"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = images.numel()


# %% wrong="the images themselves" points=0 says="the images themselves"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape, labels = next(iter(train_loader))


# %% wrong="text" points=0 says="This is text"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = str(tuple(images.shape))


# %% wrong="what print gives" points=0 says="does a print stand"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = print(images.shape)


# %% wrong="the method, not called" points=0 says="misses its brackets"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = images.size


# %% wrong="a loader where images are asked for" points=0 says="AttributeError"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = train_loader.shape


# %% wrong="a loader taken for a list" points=0 says="TypeError"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
batch_shape = tuple(train_loader[0][0].shape)


# %% wrong="the images and the labels" points=0 says="two shapes"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = (images.shape, labels.shape)


# %% wrong="a name misspelt" points=0 says="batch_shape is not defined" cell="train_loader"
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batchshape = tuple(images.shape)


# %% [raw] wrong="a bracket is missing" points=0 says="SyntaxError" cell="train_loader"
# train_loader = data.loader(cifar.train, batch_size=128, train=True)
# batch_shape = tuple(next(iter(train_loader))[0].shape
