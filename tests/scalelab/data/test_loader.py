import pytest
import torch

from scalelab.data import MEAN, STD, Cifar10, Images, loader, normalise


def numbered(number: int = 300) -> Images:
    """Images of random pixels; an image's label is its number."""
    pixels = torch.randint(0, 256, (number, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    return Images(pixels, torch.arange(number))


def every_crop(image: torch.Tensor) -> torch.Tensor:
    """All that training may show of an image, by torch's own padding: uint8 [3, 32, 32] -> [2 · 9 · 9, 3, 32, 32]."""
    padded = torch.nn.functional.pad(image.float()[None], (4, 4, 4, 4), mode="reflect")[0].to(torch.uint8)
    crops = torch.stack([padded[:, y : y + 32, x : x + 32] for y in range(9) for x in range(9)])
    return torch.cat([crops, crops.flip(3)])


def test_normalised_images_are_what_the_textbook_formula_gives():
    images = numbered().images
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    torch.testing.assert_close(normalise(images), (images.double() / 255 - mean) / std, check_dtype=False)
    assert normalise(images).dtype == torch.float32


def test_without_training_all_images_come_in_order():
    images = numbered()
    batches = list(loader(images, batch_size=128))
    assert [len(labels) for _, labels in batches] == [128, 128, 44]
    assert len(loader(images, batch_size=128)) == 3
    assert torch.equal(torch.cat([labels for _, labels in batches]), images.labels)
    assert torch.equal(torch.cat([pixels for pixels, _ in batches]), normalise(images.images))


@pytest.mark.parametrize("train", [True, False])
def test_batches_are_channels_last_floats_with_whole_labels(train):
    pixels, labels = next(iter(loader(numbered(), train=train)))
    assert pixels.shape == (128, 3, 32, 32) and pixels.dtype == torch.float32
    assert pixels.is_contiguous(memory_format=torch.channels_last)
    assert labels.shape == (128,) and labels.dtype == torch.int64


def test_a_training_pass_shows_no_image_twice_and_drops_the_short_batch():
    batches = loader(numbered(), batch_size=128, train=True)
    labels = torch.cat([labels for _, labels in batches])
    assert len(batches) == 2 and len(labels) == 256 and len(labels.unique()) == 256


def test_each_training_image_is_a_crop_of_the_image_that_its_label_names():
    images = numbered(64)
    seen = set()
    for pixels, labels in loader(images, batch_size=64, train=True):
        for shown, label in zip(pixels, labels, strict=True):
            # Equal to the last bit: a crop moves pixels and changes none.
            same = (normalise(every_crop(images.images[label])) == shown).flatten(1).all(1)
            assert same.sum() == 1
            seen.add(int(same.nonzero()))
    assert len(seen) > 40


def test_images_that_are_not_moved_are_flipped_alone():
    images = numbered(64)
    pixels, labels = next(iter(loader(images, batch_size=64, train=True, moved_by=0)))
    whole = normalise(images.images[labels])
    flipped = (pixels == whole.flip(3)).flatten(1).all(1)
    assert torch.equal(pixels[~flipped], whole[~flipped]) and 0 < int(flipped.sum()) < 64


def test_every_crop_comes_equally_often_flipped_or_not():
    # Pixels tell where they come from: red its row, green its column.
    places = torch.arange(32, dtype=torch.uint8)
    image = torch.stack([places[:, None].expand(32, 32), places.expand(32, 32), torch.zeros(32, 32, dtype=torch.uint8)])
    images = Images(image.expand(20_000, 3, 32, 32), torch.zeros(20_000, dtype=torch.int64))
    pixels = torch.cat([pixels for pixels, _ in loader(images, batch_size=1000, train=True)])
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    middle = ((pixels * std + mean) * 255).round().long()[:, :2, 15:17, 15:17]
    down = middle[:, 0, 0, 0] - 15
    flipped = middle[:, 1, 0, 0] > middle[:, 1, 0, 1]
    right = torch.where(flipped, middle[:, 1, 0, 1], middle[:, 1, 0, 0]) - 15
    assert 9_700 < int(flipped.sum()) < 10_300
    for move in (down, right):
        assert move.unique().tolist() == list(range(-4, 5))
        counts = move.add(4).bincount()
        assert counts.min() > 1_950 and counts.max() < 2_500


def test_passes_differ_and_repeat_for_the_same_seed_and_number():
    images = numbered()
    first = loader(images, train=True, seed=3)
    passes = [list(first) for _ in range(3)]
    assert first.epoch == 3
    assert not torch.equal(passes[0][0][1], passes[1][0][1])
    again = loader(images, train=True, seed=3)
    again.epoch = 2
    for (pixels, labels), (expected, expected_labels) in zip(again, passes[2], strict=True):
        assert torch.equal(pixels, expected) and torch.equal(labels, expected_labels)
    other = next(iter(loader(images, train=True, seed=4)))
    assert not torch.equal(other[1], passes[0][0][1])


def test_the_images_themselves_stay_as_they_are():
    images = numbered()
    before = images.images.clone()
    for pixels, _ in loader(images, train=True):
        pixels.zero_()
    for pixels, _ in loader(images):
        pixels.zero_()
    assert torch.equal(images.images, before)


def test_a_device_is_where_batches_are():
    pixels, labels = next(iter(loader(numbered(), train=True, device="meta")))
    assert pixels.device.type == labels.device.type == "meta"


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"batch_size": 0}, ValueError, "batch_size has to be a whole number of images, 1 or more, not 0"),
        ({"batch_size": 64.0}, ValueError, "not 64.0"),
        ({"batch_size": 301, "train": True}, ValueError, "only 300 images: not one full batch"),
        ({"seed": -1}, ValueError, "seed has to be a whole number, 0 or more, not -1"),
    ],
)
def test_a_wrong_argument_is_one_line(arguments, error, says):
    with pytest.raises(error, match=says):
        loader(numbered(), **arguments)


def test_a_loader_of_something_else_says_what_it_takes():
    images = numbered()
    with pytest.raises(TypeError, match=r"loader takes Images, such as cifar10\(\).train, not Cifar10"):
        loader(Cifar10(images, images, "sample"))


@pytest.mark.parametrize(
    ("pixels", "labels", "error", "says"),
    [
        (torch.zeros(2, 3, 32, 32), torch.zeros(2).long(), TypeError, "uint8 tensor .* not a torch.float32 tensor"),
        (torch.zeros(2, 32, 32, 3).byte(), torch.zeros(2).long(), ValueError, r"\[N, 3, H, W\], not \[2, 32, 32, 3\]"),
        (
            torch.zeros(2, 3, 28, 28).byte(),
            torch.zeros(2).long(),
            ValueError,
            r"\[N, 3, 32, 32\], not \[2, 3, 28, 28\]",
        ),
        (torch.zeros(2, 3, 32, 32).byte(), torch.zeros(2), TypeError, "labels have to be an int64 tensor"),
        (torch.zeros(2, 3, 32, 32).byte(), [0, 1], TypeError, "int64 tensor, not list"),
        (torch.zeros(2, 3, 32, 32).byte(), torch.zeros(3).long(), ValueError, r"2 images need labels \[2\], not \[3\]"),
    ],
)
def test_images_of_a_wrong_type_or_shape_are_one_line(pixels, labels, error, says):
    with pytest.raises(error, match=says):
        Images(pixels, labels)
