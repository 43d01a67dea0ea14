"""A plan is what best_efficientnet.json holds: its network, its counts, its files, and what is no plan."""

import json
from dataclasses import asdict

import pytest
import torch
from safetensors.torch import load_file

from scalelab import counting, models
from scalelab.checking.trained import misfits
from scalelab.plan import (
    MAX_BYTES,
    MAX_MACS,
    MAX_NUMBERS,
    Plan,
    PlanError,
    above_limit,
    compound,
    macs,
    numbers,
    read_plan,
)
from scalelab.planned import PlannedEfficientNet
from scalelab.training import fit, keep, runs
from scalelab.training.looks import look_at_plan, look_at_weights
from scalelab.training.threads import using
from tests.scalelab.training_set import OPTIONS, TEST, TRAIN, tiny

SMALL = Plan(stages=((1, 3, 1, 8, 8, 1), (2, 5, 2, 8, 16, 2)), resolution=16)
ODD = Plan(stages=((1, 7, 2, 20, 12, 2), (3, 3, 2, 12, 40, 3)), width=1.3, depth=1.4, stem_stride=2, resolution=27)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    with using(1):
        yield


@pytest.mark.parametrize("phi", [-5, -3])
def test_the_network_of_a_plan_is_torchvisions(phi):
    plan, known = compound(phi), models.efficientnet(phi).eval()
    network = PlannedEfficientNet(plan).eval()
    network.load_state_dict(known.network.state_dict())
    images = torch.randn(2, 3, 32, 32)
    assert torch.equal(network(images), known(images))


@pytest.mark.parametrize("plan", [SMALL, ODD, compound(-3), compound(-4, stem_stride=2)])
def test_what_arithmetic_counts_is_what_the_network_has(plan):
    network = PlannedEfficientNet(plan)
    assert macs(plan) == counting.macs(network, (1, 3, 32, 32))
    assert numbers(plan) == sum(tensor.numel() for tensor in network.state_dict().values())


def test_the_limits_are_told_with_the_count():
    assert above_limit(compound(-3)) == "" and macs(compound(-3)) < MAX_MACS == 12_000_000
    assert (
        above_limit(compound(-2))
        == f"The plan comes to {macs(compound(-2)):,} multiply-adds for one image, and the limit is 12,000,000."
    )
    wide = Plan(stages=((6, 3, 2, 8, 512, 1), (6, 3, 2, 512, 1024, 2)), resolution=8)
    assert f"the limit is {MAX_NUMBERS:,}" in above_limit(wide)


def test_a_plan_that_was_written_is_read_and_more_keys_are_skipped(tmp_path):
    ODD.write(tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == ODD
    (tmp_path / "plan.json").write_text("\ufeff" + json.dumps(asdict(ODD) | {"macs": 1}), encoding="utf-8")
    assert read_plan(tmp_path / "plan.json") == ODD


ROW = [1, 3, 1, 8, 8, 1]
GOOD = {"stages": [ROW], "width": 1, "depth": 1.0, "stem_stride": 1, "resolution": 16}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no JSON"), ("{", "is no JSON"), ("[" * 9000, "is no JSON"), ("null", "is no JSON object"),
        ("[]", "is no JSON object"), ("{}", "does not say: stages, width"), ("1" * 5000, "far too large"),
        (" " * (MAX_BYTES + 1), "larger than 20,000 bytes"), ('"\udc80"', "is no JSON"),
        *((json.dumps(GOOD | change), said) for change, said in [
            ({"stages": []}, "stages is a list"), ({"stages": {}}, "stages is a list"),
            ({"stages": "abc"}, "stages is a"),
            ({"stages": [ROW] * 11}, "stages is a list"), ({"stages": [ROW[:5]]}, "Stage 1 is a row"),
            ({"stages": [dict.fromkeys("abcdef", 1)]}, "Stage 1 is a row"), ({"stages": [1]}, "Stage 1 is a row"),
            ({"stages": [[True, *ROW[1:]]]}, "expand_ratio of stage 1"),
            ({"stages": [[1.0, *ROW[1:]]]}, "expand_ratio"),
            ({"stages": [[1, 4, *ROW[2:]]]}, "kernel of stage 1 is 3 or 5 or 7"),
            ({"stages": [[1, 3, 0, 8, 8, 1]]}, "stride of"),
            ({"stages": [[1, 3, 1, 0, 8, 1]]}, "in_channels"), ({"stages": [[1, 3, 1, 8, 2**60, 1]]}, "out_channels"),
            ({"stages": [[1, 3, 1, 8, 8, 10**30]]}, "repeats"), ({"stages": [ROW, [1, 3, 1, 9, 8, 1]]}, "not the same"),
            ({"width": 0.0}, "width is a number from 0.05 to 8"), ({"width": float("nan")}, "width is"),
            ({"depth": float("inf")}, "depth is"), ({"depth": -1}, "depth is"), ({"depth": True}, "depth is"),
            ({"width": "1"}, "width is"), ({"stem_stride": 3}, "stem_stride is 1 or 2"),
            ({"stem_stride": None}, "stem_stride"),
            ({"resolution": 32.0}, "resolution is a whole number"), ({"resolution": 10**9}, "resolution is"),
            ({"stages": [[1, 3, 1, 8, 8, 20]], "depth": 8}, "160 MBConv layers"),
        ]),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_told_in_one_line(tmp_path, text, said):
    (tmp_path / "plan.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(PlanError, match=said) as problem:
        read_plan(tmp_path / "plan.json")
    assert "\n" not in str(problem.value) and len(str(problem.value)) < 200


def test_a_plans_run_is_handed_in_as_the_efficientnet_and_touches_nothing_else(tmp_path, capsys):
    plain = fit(tiny(), TRAIN, TEST, out=tmp_path, name="plain", epochs=1, **OPTIONS)
    before = (tmp_path / "best.safetensors").read_bytes()
    record = fit(SMALL, TRAIN, TEST, out=tmp_path, name="planned", epochs=1, **OPTIONS)
    assert record.macs == macs(SMALL)
    assert f"best_efficientnet.safetensors is now 'planned' ({record.accuracy:.1f}%)" in capsys.readouterr().out
    assert (tmp_path / "best.safetensors").read_bytes() == before
    assert read_plan(tmp_path / "best_efficientnet.json") == SMALL
    weights = load_file(tmp_path / "best_efficientnet.safetensors")
    shapes = {name: list(value.shape) for name, value in weights.items()}
    assert misfits(PlannedEfficientNet(SMALL), shapes) == []
    assert f"{macs(SMALL):,} multiply-adds" in look_at_plan(tmp_path / "best_efficientnet.json").says
    assert "'planned'" in look_at_weights(tmp_path / "best_efficientnet.safetensors").says
    other = Plan(SMALL.stages, resolution=12)  # the same weights' names and shapes
    worse = fit(other, TRAIN, TEST, out=tmp_path, name="worse", epochs=1, **OPTIONS | {"learning_rate": 1e-9})
    assert worse.accuracy <= record.accuracy and read_plan(tmp_path / "best_efficientnet.json") == SMALL
    keep("worse", out=tmp_path)
    assert read_plan(tmp_path / "best_efficientnet.json") == other
    keep("planned", out=tmp_path)
    assert read_plan(tmp_path / "best_efficientnet.json") == SMALL
    assert (tmp_path / "best.safetensors").read_bytes() == before
    capsys.readouterr()
    runs(tmp_path)
    listed = capsys.readouterr().out
    assert "planned  ← handed in as the EfficientNet" in listed and f"{plain.name}  ← handed in\n" in listed


def test_a_plan_above_a_limit_is_trained_and_not_handed_in(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("scalelab.plan.MAX_MACS", 1000)
    fit(SMALL, TRAIN, TEST, out=tmp_path, name="dear", epochs=1, **OPTIONS)
    assert "the limit is 1,000. So 'dear' is not handed in." in capsys.readouterr().out
    assert not (tmp_path / "best_efficientnet.json").exists()
    assert "ABOVE A LIMIT" in look_at_plan(tmp_path / "runs" / "dear" / "plan.json").says
