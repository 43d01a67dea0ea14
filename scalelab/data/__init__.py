"""CIFAR-10: 32×32 photographs of ten kinds of things, to train on and to test on.

data = cifar10()                        # the sample: 3,000 images to train on, 1,000 to test on
for images, labels in loader(data.train, train=True):
    ...                                 # float32 [128, 3, 32, 32], int64 [128]
"""

from scalelab.data.images import CLASSES, MEAN, STD, Cifar10, DataError, Images, normalise
from scalelab.data.loading import Loader, loader
from scalelab.data.places import cifar10

__all__ = [
    "CLASSES",
    "MEAN",
    "STD",
    "Cifar10",
    "DataError",
    "Images",
    "Loader",
    "cifar10",
    "loader",
    "normalise",
]
