"""No run destroys another one, and what is handed in changes only for a better run or when the student says so."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from scalelab.training import NoSuchRun, fit, keep, runs
from scalelab.training.threads import using
from scalelab.training.weights import header_of
from tests.scalelab.training_set import OPTIONS, TEST, TRAIN, few, tiny


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Nothing to measure: with one thread there is no choice."""
    with using(1):
        yield


def run(folder, name, good=True, **options):
    """A run that learns, or that learns next to nothing."""
    rate = {"learning_rate": 0.05, "epochs": 6} if good else {"learning_rate": 1e-7, "epochs": 1}
    options = OPTIONS | rate | options
    return fit(options.pop("model", None) or tiny(), options.pop("train", TRAIN), options.pop("test", TEST),
               out=folder, name=name, **options)  # fmt: skip


def handed_in(folder):
    """What would be handed in: the run's name by the record and by the weights, and the weights."""
    record = json.loads((folder / "best.json").read_text())
    notes = header_of(folder / "best.safetensors").notes
    assert record.get("name") == notes.get("run")
    return record["name"], (folder / "best.safetensors").read_bytes()


@pytest.fixture
def first(tmp_path):
    record = run(tmp_path, "first try")
    return record, (tmp_path / "best.safetensors").read_bytes()


def test_a_trial_that_is_worse_changes_nothing_of_what_is_handed_in_and_says_how_to(tmp_path, first, capsys):
    record, weights = first
    trial = run(tmp_path, "trial", good=False)
    assert handed_in(tmp_path) == ("first try", weights)
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == (
        f"{tmp_path}/best.safetensors is still 'first try' ({record.accuracy:.1f}%): this run reached "
        f"{trial.accuracy:.1f}%. training.keep('trial', out='{tmp_path}') hands this one in."
    )
    keep("trial", out=tmp_path)
    assert handed_in(tmp_path)[0] == "trial"
    assert f"training.keep('first try', out='{tmp_path}') hands in 'first try'" in capsys.readouterr().out
    keep(record, out=tmp_path)
    assert handed_in(tmp_path) == ("first try", weights)


def test_a_better_run_is_handed_in_and_the_one_before_is_one_call_away(tmp_path, capsys):
    run(tmp_path, "trial", good=False)
    weights = (tmp_path / "best.safetensors").read_bytes()
    record = run(tmp_path, "better")
    assert handed_in(tmp_path)[0] == "better"
    line = capsys.readouterr().out.splitlines()[-1]
    assert f"is now 'better' ({record.accuracy:.1f}%). training.keep('trial', " in line
    keep("trial", out=tmp_path)
    assert handed_in(tmp_path) == ("trial", weights)


def test_the_same_name_again_is_another_run(tmp_path, first):
    record, weights = first
    again = run(tmp_path, "first try", good=False)
    assert (record.name, again.name) == ("first try", "first try (2)")
    assert handed_in(tmp_path) == ("first try", weights)
    keep("first try (2)", out=tmp_path)
    keep("first try", out=tmp_path)
    assert handed_in(tmp_path) == ("first try", weights)


def test_accuracies_on_other_images_are_not_compared(tmp_path, capsys):
    run(tmp_path, "on these", good=False)
    other = run(tmp_path, "on others", test=few(50, seed=9))
    assert other.accuracy > 50
    assert handed_in(tmp_path)[0] == "on these"
    assert f"{other.accuracy:.1f}% of other test images, so they are not compared" in capsys.readouterr().out


def test_that_the_networks_are_different_is_said(tmp_path, first, capsys):
    run(tmp_path, "wider", good=False, model=tiny(channels=16))
    assert "another network than this one: build_best_model has to build" in capsys.readouterr().out


@pytest.mark.parametrize("record", [None, {"accuracy": 1.5}, {"accuracy": "good"}, {"accuracy": None}, []])
def test_weights_of_the_students_own_loop_stay_and_survive_a_choice(tmp_path, record, capsys):
    save_file({"a": torch.ones(3)}, tmp_path / "best.safetensors")
    if record is not None:
        (tmp_path / "best.json").write_text(json.dumps(record))
    run(tmp_path, "run")
    assert list(load_file(tmp_path / "best.safetensors")) == ["a"]
    assert "is still a file of your own" in capsys.readouterr().out
    keep("run", out=tmp_path)
    assert "training.keep('own weights', " in capsys.readouterr().out
    keep("own weights", out=tmp_path)
    assert list(load_file(tmp_path / "best.safetensors")) == ["a"]
    assert (tmp_path / "best.json").exists() == (record is not None)


def test_own_weights_beside_the_record_of_a_run_are_not_taken_for_that_run(tmp_path, first, capsys):
    save_file({"a": torch.ones(3)}, tmp_path / "best.safetensors")
    run(tmp_path, "again")
    assert "is still a file of your own (accuracy unknown)" in capsys.readouterr().out


def test_files_of_an_earlier_release_are_compared_and_not_lost(tmp_path):
    save_file({"a": torch.ones(3)}, tmp_path / "best.safetensors")
    old = {"name": "best", "trained_on": "sample", "accuracy": 5.0, "history": [], "recipe": {}}
    (tmp_path / "best.json").write_text(json.dumps(old))
    test = few(1000)
    assert run(tmp_path, "best", test=test, epochs=1).accuracy > 5
    assert handed_in(tmp_path)[0] == "best"
    keep("best (2)", out=tmp_path)
    assert list(load_file(tmp_path / "best.safetensors")) == ["a"]


def test_what_is_no_file_of_weights_is_replaced(tmp_path):
    (tmp_path / "best.safetensors").write_bytes(b"")
    run(tmp_path, "run", good=False)
    assert handed_in(tmp_path)[0] == "run"


def test_a_run_whose_folder_is_gone_is_still_not_written_over(tmp_path, first):
    _, weights = first
    shutil.rmtree(tmp_path / "runs")
    again = run(tmp_path, "first try", good=False)
    assert handed_in(tmp_path) == ("first try", weights)
    keep(again, out=tmp_path)
    keep("first try (2)", out=tmp_path)
    assert (tmp_path / "best.safetensors").read_bytes() == weights


@pytest.mark.parametrize("name", ["φ = -5", "a/b", "../up", "con", "x" * 300, "", ".", "a\nb", "½ <try> 🎉"])
def test_any_name_will_do(tmp_path, name):
    (tmp_path / "in").mkdir()
    run(tmp_path / "in", "other", good=False)
    record = run(tmp_path / "in", name, good=False)
    keep(name, out=tmp_path / "in")
    assert handed_in(tmp_path / "in")[0] == record.name == name
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert len(list((tmp_path / "in" / "runs").iterdir())) == 2


def test_names_that_make_the_same_folder_stay_apart(tmp_path):
    names = [run(tmp_path, name, good=False).name for name in ("a/b", "a_b", "a?b")]
    assert len(list((tmp_path / "runs").iterdir())) == len(set(names)) == 3
    for name in names:
        keep(name, out=tmp_path)
        assert handed_in(tmp_path)[0] == name


def test_a_run_that_is_not_there_is_one_line_with_those_that_are(tmp_path, first):
    with pytest.raises(NoSuchRun, match=r"no run 'frist try' in .*There are: 'first try'\.$"):
        keep("frist try", out=tmp_path)
    with pytest.raises(NoSuchRun, match="fit makes one"):
        keep("first try", out=tmp_path / "elsewhere")
    assert NoSuchRun("a line")._render_traceback_() == ["a line"]


def test_the_runs_are_listed_the_best_one_first(tmp_path, first, capsys):
    run(tmp_path, "trial", good=False)
    capsys.readouterr()
    runs(tmp_path)
    best, trial = capsys.readouterr().out.splitlines()
    assert best.endswith("first try  ← handed in") and trial.endswith("trial")


def test_a_run_without_a_folder_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    record = run(None, "trial")
    assert record.accuracy > 50 and not list(tmp_path.iterdir())
    assert "best.safetensors" not in capsys.readouterr().out


def test_the_usual_folder_is_not_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run(".", "a b")
    assert capsys.readouterr().out.splitlines()[-1].startswith("best.safetensors is now 'a b' (")
    run(".", "c", good=False)
    assert capsys.readouterr().out.splitlines()[-1].endswith("training.keep('c') hands this one in.")


@pytest.mark.parametrize("cut", [0, 4, 40, -1])
def test_half_a_file_of_weights_is_none(tmp_path, cut):
    save_file({"a": torch.ones(3), "b": torch.ones(2, 2)}, tmp_path / "best.safetensors", metadata={"run": "x"})
    whole = header_of(tmp_path / "best.safetensors")
    assert (whole.shapes, whole.numbers, whole.notes) == ({"a": (3,), "b": (2, 2)}, 7, {"run": "x"})
    half = tmp_path / "half"
    half.write_bytes((tmp_path / "best.safetensors").read_bytes()[:cut])
    assert header_of(half) is None and header_of(tmp_path / "none") is None
