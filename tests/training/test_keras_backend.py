import pytest

from vidtag.cli.trainingtalk import TrainingTalk, describe
from vidtag.errors import OptionError, SetupError
from vidtag.training import backend
from vidtag.training.pace import Pace


def test_tensorflow_is_what_keras_trains_on_usually(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert backend.prepare_keras() == "tensorflow"


def test_an_unknown_backend_is_named(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(OptionError, match="KERAS_BACKEND must be one of tensorflow, jax, torch, got 'theano'"):
        backend.prepare_keras()


@pytest.mark.parametrize(
    ("there", "remedy"),
    [({"torch"}, "set KERAS_BACKEND=torch, which is installed"), (set(), "`pip install tensorflow`")],
)
def test_a_missing_backend_is_named_with_a_remedy(monkeypatch, there, remedy):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setattr(backend, "find_spec", lambda module: module if module in there else None)
    with pytest.raises(SetupError, match=f"tensorflow is not installed, on which Keras should train; {remedy}"):
        backend.prepare_keras()


def test_keras_does_not_change_horses(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    backend.prepare_keras()
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setattr(backend, "find_spec", lambda module: module)
    with pytest.raises(SetupError, match="Keras runs on tensorflow in this process; set KERAS_BACKEND=torch before"):
        backend.prepare_keras()


PACE = Pace(epoch=2, epochs=3, step=5, steps=20, loss=1.5, frames_per_second=51.234, seconds_left=3725.4)


def test_pace_is_one_line():
    assert describe(PACE) == "epoch 2/3, step 5/20: loss 1.5000, 51.2 frames/s, 1:02:05 left"


def test_a_pipe_gets_a_line_now_and_then_and_a_terminal_one_that_changes(monkeypatch, capsys):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    with TrainingTalk(quiet=False) as talk:
        for _ in range(12):
            talk.watch(PACE)
            now[0] += 1.0
        talk.say("done")
    assert capsys.readouterr().err == f"  {describe(PACE)}\n" * 2 + "done\n"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    with TrainingTalk(quiet=False) as talk:
        talk.watch(PACE)
        talk.say("done")
        now[0] += 1.0
        talk.watch(PACE)
    shown = describe(PACE)
    assert capsys.readouterr().err == f"\r\x1b[K{shown}\r\x1b[Kdone\n\r\x1b[K{shown}\r\x1b[K"
    with TrainingTalk(quiet=True) as talk:
        talk.watch(PACE)
        talk.say("done")
    assert capsys.readouterr().err == ""
