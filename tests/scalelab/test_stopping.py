"""A run can be stopped: no epoch is lost, and what a notebook shows of it is one line."""

import os
import signal
import textwrap
import threading

import pytest
import torch
from safetensors.torch import load_file

from scalelab.training import Stopped, fit
from scalelab.training.stopping import StopButton
from scalelab.training.threads import using
from tests.notebook import Notebook
from tests.scalelab.training_set import OPTIONS, TEST, TRAIN, tiny


@pytest.fixture(autouse=True)
def interrupts():
    """They are heard, even if pytest runs in the background, where a shell lets programs ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_at(epoch):
    """What a student does while this epoch is being tested."""
    return lambda ended: os.kill(os.getpid(), signal.SIGINT) if ended.epoch == epoch else None


def test_a_stopped_run_goes_on_to_the_very_weights_of_one_that_was_not(tmp_path, capsys):
    with using(1):
        whole = fit(tiny(), TRAIN, TEST, epochs=5, out=tmp_path / "whole", **OPTIONS)
        with pytest.raises(Stopped, match=r"^model: stopped after epoch 3; run the cell again to go on$"):
            fit(tiny(), TRAIN, TEST, epochs=5, out=tmp_path / "cut", after_epoch=interrupt_at(3), **OPTIONS)
        assert "best.safetensors is now 'model'" in capsys.readouterr().out
        record = fit(tiny(), TRAIN, TEST, epochs=5, out=tmp_path / "cut", **OPTIONS)
    assert "model: going on after epoch 3" in capsys.readouterr().out
    assert [epoch.loss for epoch in record.history] == [epoch.loss for epoch in whole.history]
    first, second = (load_file(tmp_path / run / "best.safetensors") for run in ("whole", "cut"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_run_that_is_stopped_in_its_first_epoch_says_so(tmp_path):
    model, pressed = tiny(), []

    def press(model, *_):
        if any(weight.grad is not None for weight in model.parameters()) and not pressed:  # after the first step
            pressed.append(os.kill(os.getpid(), signal.SIGINT))

    model.register_forward_hook(press)
    with pytest.raises(Stopped, match="stopped before the first epoch was done; run the cell again to begin anew"):
        fit(model, TRAIN, TEST, epochs=2, out=tmp_path, **OPTIONS)
    assert not (tmp_path / "best.safetensors").exists()
    assert fit(tiny(), TRAIN, TEST, epochs=2, out=tmp_path, **OPTIONS).name == "model"


def test_a_run_that_is_stopped_before_it_begins_says_so(tmp_path):
    model = tiny()
    model.register_forward_hook(lambda *_: [os.kill(os.getpid(), signal.SIGINT) for _ in range(2)])
    with pytest.raises(Stopped, match="stopped before it began"):
        fit(model, TRAIN, TEST, epochs=2, out=tmp_path, **OPTIONS)


def test_a_run_that_leaves_no_files_does_not_promise_to_go_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stopped, match=r"stopped after epoch 1; it leaves no files \(out=None\)"):
        fit(tiny(), TRAIN, TEST, epochs=2, out=None, after_epoch=interrupt_at(1), **OPTIONS)


def test_an_interrupt_ends_the_whole_cell():
    assert issubclass(Stopped, KeyboardInterrupt) and not issubclass(Stopped, Exception)


def test_the_second_press_ends_at_once_and_the_handler_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with StopButton() as button:
        os.kill(os.getpid(), signal.SIGINT)
        assert button.pressed
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            signal.getsignal(signal.SIGINT)  # a signal is served between two instructions
    assert signal.getsignal(signal.SIGINT) is before


def test_training_in_another_thread_works(tmp_path):
    ended = []
    other = threading.Thread(target=lambda: ended.append(fit(tiny(), TRAIN, TEST, epochs=1, out=tmp_path, **OPTIONS)))
    other.start()
    other.join()
    assert len(ended) == 1


@pytest.mark.room
def test_a_notebook_shows_one_line_and_goes_on(tmp_path):
    code = f"""
        import sys; sys.path.insert(0, {os.getcwd()!r})
        from scalelab.training import fit
        from tests.scalelab.training_set import *
        def note(epoch):
            print("ENDED", epoch.epoch)
        fit(tiny(), TRAIN, TEST, epochs=100_000, after_epoch=note, name="mine", **OPTIONS)
        print("NEVER REACHED")
    """
    with Notebook(tmp_path) as notebook:
        cell = notebook.run(textwrap.dedent(code), interrupt_at="ENDED 2\n")
        (error,) = cell.errors
        assert error["traceback"] == [error["evalue"]]
        assert "stopped after epoch" in error["evalue"] and "run the cell again to go on" in error["evalue"]
        assert "NEVER REACHED" not in cell.text and "best.safetensors is now 'mine'" in cell.text
        assert "going on after epoch" in notebook.run(textwrap.dedent(code), interrupt_at="going on after epoch").text
