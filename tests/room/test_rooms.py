"""A room runs cells and answers questions, and whatever happens in it stays there."""

import os
import signal
import socket
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from autograder.room import BWRAP, NONE, Limits, Place, Room, RoomGone, RoomLost, RoomTooSlow, open_room
from autograder.room import room as room_module
from autograder.room.inside import opening
from autograder.room.inside.plan import Plan, Walls
from autograder.room.inside.template import Warm
from tests.compound import COURSE
from tests.room.conftest import get

pytestmark = pytest.mark.room

STUBBORN = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

FORGED = """
import gc, struct
answering = next(one for one in gc.get_objects() if type(one).__name__ == "Answering")
def send(answer):
    answering.line.sendall(struct.pack(">Q", len({body})) + {body})
answering.send = send
"""


def call(room, name, *args):
    return room.ask({"do": "call", "handle": get(room, name)["handle"], "args": list(args), "kwargs": {}})


def test_a_cell_that_ends_well_is_ok_and_its_names_can_be_asked_for(room):
    assert room.run("x = (1, 2.5, {'a': [True, None]})").status == "ok"
    assert get(room, "x") == {"value": [1, 2.5, {"pairs": [["a", [True, None]]]}]}


def test_a_function_runs_in_the_room_with_the_arguments_it_is_given(room):
    room.run("def f(pairs, n):\n    return [a * n for a, _ in pairs], type(pairs[0]).__name__")
    assert call(room, "f", [{"tuple": [1, 2]}, {"tuple": [3, 4]}], 2) == {"value": [[2, 6], "tuple"]}


def test_a_missing_name_is_said_to_be_missing(room):
    assert get(room, "nowhere") == {"missing": True}


def test_an_error_is_told_by_its_nearest_built_in_type_alone(room):
    room.run("class Secret_4711(ValueError):\n    pass\ndef f():\n    raise Secret_4711('4711')")
    assert call(room, "f") == {"raised": "ValueError"}
    outcome = room.run("raise Secret_4711('4711')")
    assert (outcome.status, outcome.error) == ("error", "Exception")


def test_what_is_no_plain_value_comes_as_a_handle_of_a_built_in_kind(room):
    room.run("class Mine:\n    pass\ng, m = (i for i in []), Mine()")
    assert get(room, "g")["kind"] == "generator"
    assert get(room, "m")["kind"] == "object"


def test_an_integer_of_ten_thousand_digits_is_no_value_and_does_no_harm(room):
    room.run("big = 10**10_000")
    assert get(room, "big") == {"novalue": "int"}
    assert room.run("y = 1").status == "ok"


def test_fifty_megabytes_of_output_are_dropped_and_the_room_goes_on(room):
    assert room.run("for _ in range(50):\n    print('x' * 1_000_000)", 30).status == "ok"
    assert room.run("z = 3").status == "ok"
    assert get(room, "z") == {"value": 3}


def test_an_answer_over_the_limit_costs_the_room_and_not_the_judge(room):
    room.run("long = 'x' * 5_000_000")
    with pytest.raises((RoomGone, RoomTooSlow)):
        room.ask({"do": "get", "name": "long"}, 3)


NO_ANSWERS = {
    "nothing": "b''",
    "a list": "b'[]'",
    "null": "b'null'",
    "quotes of another kind": "b\"'x'\"",
    "no text": "b'\\xff'",
    "half an answer": "b'{\"value\"'",
    "very many brackets": "b'[' * 1_000_000",
    "deeper than is read": "b'[' * 100_000",
    "very many commas": "b',' * 1_000_000",
    "more values than are taken": "b'{\"value\": [' + b'1,' * 300_000 + b'1]}'",
}


@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_an_answer_that_is_none_is_an_error_of_the_cell_and_no_value(room, body):
    room.run("shadow = 1")
    assert room.run(FORGED.format(body=body)).status == "error"
    assert get(room, "shadow") == {"novalue": "object"}


def test_answers_that_say_something_else_are_errors_of_the_cell(room):
    assert room.run(FORGED.format(body=b'{"status": ["ok"], "ename": {}}')).status == "error"


OF_JUPYTER = {
    "print": "print('x' * 100)",
    "display": "from IPython.display import display, HTML; display(HTML('x'))",
    "figure": "import matplotlib.pyplot as plt; plt.plot([1]); plt.show()",
    "progress": "from tqdm.auto import tqdm\n    for _ in tqdm(range(3)): pass",
    "widget": "import ipywidgets; ipywidgets.IntSlider(3)",
    "playground": "from scalelab import playground; playground.explore()._ipython_display_()",
    "magic": "get_ipython().run_line_magic('timeit', '-n1 -r1 1')",
    "parent": "get_ipython().kernel.get_parent()['header']['msg_id']",
    "clear": "from IPython.display import clear_output; clear_output()",
}


@pytest.mark.parametrize("body", OF_JUPYTER.values(), ids=OF_JUPYTER)
def test_what_jupyter_offers_is_there_in_a_cell_and_in_a_function_that_the_judge_calls(room, body):
    assert room.run(f"def f():\n    {body}\n    return 3\nf()").status == "ok"
    assert call(room, "f") == {"value": 3}


def test_cells_know_one_another_as_in_jupyter(room):
    assert room.run("x = 5\nx").status == "ok"
    assert room.run("y = _ + Out[1] + len(In)").status == "ok"
    assert get(room, "y") == {"value": 13}


def test_a_cell_may_wait_at_its_top_level(room):
    assert room.run("import asyncio\nawait asyncio.sleep(0.01)\nx = 2").status == "ok"
    assert get(room, "x") == {"value": 2}


def test_whoever_asks_without_end_is_told_that_nobody_is_there(room):
    room.run("def f():\n    while True:\n        input()")
    assert call(room, "f") == {"raised": "EOFError"}


def test_a_cell_that_is_no_python_is_an_error(room):
    outcome = room.run("def f(:")
    assert (outcome.status, outcome.error) == ("error", "SyntaxError")


def test_a_loop_that_ignores_interrupts_is_ended_in_time(room):
    assert room.run(STUBBORN, 1).status == "timeout"


@pytest.mark.parametrize("code", ["import posix; posix._exit(0)", "import posix; posix.kill(posix.getpid(), 9)"])
def test_a_cell_that_ends_the_kernel_has_died(room, code):
    assert room.run(code).status == "died"
    with pytest.raises(RoomGone):
        room.ask({"do": "get", "name": "x"})


def test_exit_in_a_cell_is_an_error_of_that_cell_alone(room):
    assert room.run("raise SystemExit").status == "error"
    assert room.run("x = 1").status == "ok"


ENDINGS = {
    "quit()": None,
    "exit()": None,
    "get_ipython().ask_exit()": None,
    "get_ipython().kernel.do_shutdown(True)": None,
    "import asyncio; asyncio.get_event_loop().stop()": None,
    "from tornado.ioloop import IOLoop; IOLoop.current().stop()": None,
    "import signal; signal.alarm(1)": None,
    "import signal, time; signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.05)": None,
    "import threading, os; threading.Thread(target=os._exit, args=[0]).start()": None,
    "breakpoint()": None,
    "import pdb; pdb.set_trace()": None,
    "from IPython.core.debugger import set_trace; set_trace()": None,
    "import sys; sys.exit()": "SystemExit",
    "import os; os._exit(0)": "SystemExit",
    "import os; os.abort()": "SystemExit",
    "import os; os.kill(os.getpid(), 9)": "SystemExit",
    "import os, signal; os.kill(os.getpid(), signal.SIGTERM)": "SystemExit",
    "import signal; signal.raise_signal(signal.SIGHUP)": "SystemExit",
}
"""What ends a kernel elsewhere, and what it raises in a room."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_ends_a_kernel_elsewhere_ends_no_cell_before_it_and_no_cell_behind_it(room):
    for code, raised in ENDINGS.items():
        outcome = room.run(f"x = 1\n{code}")
        assert (outcome.status, outcome.error) == (("error", raised) if raised else ("ok", "")), code
        assert room.run(f"def f():\n    {code}\n    return x").status == "ok"
        assert call(room, "f") == ({"raised": raised} if raised else {"value": 1}), code
    assert room.run("import time; time.sleep(0.3)").status == "ok"  # a stopped loop would end the kernel after 0.1 s


UNATTENDED = {
    "x = input('go on?')": "",
    "import getpass; x = getpass.getpass()": "",
    "x = [input() for _ in range(20)][-1]": "",
    "%load_ext line_profiler\n%lprun -f f f()\nx = 1": 1,
    "%reload_ext no_such_extension\nx = 2": 2,
    "%conda install x\nx = 3": 3,
    "y = 4\n%timeit -n1 -r1 y\nx = y": 4,
    "import pdb; pdb.Pdb().set_trace(); x = 5": 5,
    "import pdb; pdb.run('1'); x = 6": 6,
    "import code; code.interact(local={}); x = 7": 7,
    "%%no_such_magic -q\n%%time\nx = 8": 8,
    "from google.colab import drive, files\ndrive.mount('/content/drive')\nfiles.download('x')\nx = 9": 9,
    "import seaborn as sns, plotly.express as px\nsns.set_theme(); px.scatter([1]).show(); x = 10": 10,
    "import wandb\nwith wandb.init(project='x') as run:\n    run.log({'a': 1})\nx = 11": 11,
    "from rich import print\nfrom torchinfo import summary\nprint(summary(3)); x = 12": 12,
    "from memory_profiler import profile\n@profile(precision=4)\ndef f():\n    return 13\nx = f()": 13,
    "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter().add_scalar('a', 1, 1); x = 14": 14,
    "import os; here = os.getcwd(); os.chdir('/content/drive/MyDrive'); x = os.getcwd() == here": True,
    "import locale\nlocale.setlocale(locale.LC_ALL, 'xx_YY.UTF-8')\nx = 15": 15,
    "import locale\nx = locale.setlocale(locale.LC_ALL, 'C')": "C",
    "import os; os.makedirs('within'); os.chdir('within'); x = os.path.basename(os.getcwd())": "within",
}
"""What asks somebody or needs a tool that a room does not have, and what x is then."""


def test_code_that_asks_somebody_or_wants_tools_of_the_students_machine_goes_on(room):
    for code, value in UNATTENDED.items():
        assert room.run(code).status == "ok", code
        assert get(room, "x") == {"value": value}, code
    room.run("def asks():\n    return input('?')")
    assert call(room, "asks") == {"value": ""}
    assert room.run("while True: input()").error == "EOFError"
    assert room.run("import no_such_extension").error == "ModuleNotFoundError"
    assert room.run("import google.protobuf_x").error == "ModuleNotFoundError"
    assert room.run("%%no_such_magic\nraise KeyError(1)").error == "KeyError"


def test_a_process_that_was_forked_off_ends_as_anywhere(room):
    room.run("import os\npid = os.fork()\nif not pid:\n    os._exit(7)\nstatus = os.waitpid(pid, 0)[1] >> 8")
    assert get(room, "status") == {"value": 7}


@pytest.mark.parametrize(
    "code",
    [
        "%matplotlib qt", "%matplotlib widget", "%matplotlib notebook", "%matplotlib tk", "%matplotlib webagg",
        "%gui qt",
        "matplotlib.use('TkAgg')", "matplotlib.use('module://ipympl.backend_nbagg')", "plt.switch_backend('QtAgg')",
    ],
)  # fmt: skip
def test_figures_that_ask_for_a_window_are_drawn_without_one(room, code):
    room.run("import matplotlib\nimport matplotlib.pyplot as plt")
    assert room.run(code).status == "ok"
    assert room.run("figure = plt.figure()\nplt.plot([1, 2])\nplt.show()").status == "ok"
    assert get(room, "figure")["kind"] == "object"


def test_a_function_that_exits_when_called_answers_with_the_exception(room):
    room.run("import sys\ndef f():\n    sys.exit()")
    assert call(room, "f") == {"raised": "SystemExit"}


def test_closing_a_room_ends_what_it_started_and_removes_its_files():
    room = open_room(NONE, (), Limits())
    room.run("import subprocess, os\nchild = subprocess.Popen(['sleep', '600']).pid\nhere = os.getcwd()")
    child, here = get(room, "child")["value"], Path(get(room, "here")["value"])
    assert psutil.pid_exists(child) and here.exists()
    room.close()
    room.close()
    assert _soon(lambda: not here.exists())
    assert _soon(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


@pytest.mark.parametrize("kind", [BWRAP, NONE])
def test_a_room_works_on_a_copy_of_the_files_it_is_given(kind, tmp_path):
    (tmp_path / "best.json").write_text("{}")
    room = open_room(kind, (tmp_path,), Limits())
    assert room.run("open('best.json', 'a').write('changed')").status == "ok"
    room.close()
    assert (tmp_path / "best.json").read_text() == "{}"


@pytest.mark.parametrize("kind", [BWRAP, NONE])
def test_a_room_sees_none_of_the_graders_environment(kind, monkeypatch):
    monkeypatch.setenv("GRADESCOPE_TOKEN", "secret")
    place = Place(kind)  # of its own, so that its template starts with the variable around it
    room = Room(place, (), Limits())
    room.run("import os\nseen = 'GRADESCOPE_TOKEN' in os.environ")
    assert get(room, "seen") == {"value": False}
    room.close()


def test_a_template_gets_ready_for_rooms_before_one_is_asked_for():
    before = set(psutil.Process().children(recursive=True))

    def started() -> int:
        return len(set(psutil.Process().children(recursive=True)) - before)

    place, withheld = Place(NONE, COURSE.room_needs), ("torchvision.models.efficientnet",)
    place.warm_up([withheld, ()])
    assert _soon(lambda: started() == 3, seconds=60)  # it, and one for each
    room = Room(place, (), Limits(), withheld)
    assert started() == 4
    assert room.run("from torchvision.models import efficientnet_b0").error == "ImportError"
    room.close()


def _soon(condition, seconds: float = 60) -> bool:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_otter_in_a_room_is_a_stand_in_whose_checks_do_nothing(room):
    outcome = room.run("import otter\ngrader = otter.Notebook()\ngrader.check('q2_2')")
    assert outcome.status == "ok"


def test_an_unknown_kind_of_room_is_refused():
    with pytest.raises(ValueError, match="bubble"):
        open_room("bubble", (), Limits())


def test_a_room_that_cannot_be_opened_ends_no_other_and_says_why(tmp_path, monkeypatch):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho no more namespaces >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    router, requests = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked, connection = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    warm = Warm(requests, Walls(BWRAP))
    with router, requests, asked:
        socket.send_fds(router, [b"0 " + Plan("key").to_json().encode()], [connection.fileno()])
        connection.close()
        warm._open()
        assert asked.recv(100) == b"failed no more namespaces"
        assert asked.recv(100) == b""
    assert not warm.rooms


def test_where_bwrap_is_missing_opening_a_room_leaves_nothing_open(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    tries, before = 20, len(os.listdir("/proc/self/fd"))
    for _ in range(tries):
        with pytest.raises(opening.CannotOpen, match="bwrap cannot be started: No such file"):
            opening.open_room(Walls(BWRAP), Plan("key"), 0, [], None)
    assert len(os.listdir("/proc/self/fd")) - before < tries  # other threads of this process may open one meanwhile


def test_a_room_whose_process_cannot_be_watched_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    started = []

    def cannot_be_watched(pid: int) -> int:
        started.append(pid)
        raise OSError("no descriptor")

    monkeypatch.setattr(opening.os, "pidfd_open", cannot_be_watched)
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(opening.CannotOpen):
        opening.open_room(Walls(NONE), Plan("key"), 0, [], None)
    assert set(os.listdir("/proc/self/fd")) - before == set()
    assert list(tmp_path.iterdir()) == []
    assert os.waitpid(started[0], 0)[1] == signal.SIGKILL


def test_a_room_whose_second_folder_is_missing_leaves_nothing_open(tmp_path):
    open_room(NONE, (), Limits()).close()  # the template is warm from now on
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(FileNotFoundError):
        open_room(NONE, (tmp_path, tmp_path / "missing"), Limits())
    assert set(os.listdir("/proc/self/fd")) - before == set()


def test_a_room_that_is_interrupted_while_it_opens_is_closed(monkeypatch):
    def interrupted(*_) -> None:
        raise KeyboardInterrupt

    standing = set(room_module._rooms)
    monkeypatch.setattr(Room, "_request", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_room(NONE, (), Limits())
    assert room_module._rooms == standing


def test_a_room_is_closed_when_its_context_is_left():
    with pytest.raises(ZeroDivisionError), open_room(NONE, (), Limits()) as room:
        raise ZeroDivisionError
    with pytest.raises(RoomGone):
        room.ask({"do": "get", "name": "x"})


def test_a_template_that_dies_before_it_takes_a_request_is_a_room_that_is_lost(monkeypatch):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    monkeypatch.setattr(Place, "_connect", lambda _: ours)
    with pytest.raises(RoomLost, match="does not take a request"):
        Room(Place(NONE), (), Limits())
