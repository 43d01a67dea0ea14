"""Rooms for everyone who speaks Jupyter: real clients start them by a kernel spec."""

import asyncio
import gc
import json
import os
import socket
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient import NotebookClient

from autograder.room.client import PromptClient
from autograder.room.provisioner import RoomProvisioner

pytestmark = pytest.mark.room


@pytest.fixture(params=["bwrap", "none"])
def kernel(request, tmp_path, monkeypatch) -> str:
    """A kernel spec that names the provisioner."""
    spec = {
        "argv": ["room"],
        "display_name": "A room",
        "language": "python",
        "metadata": {
            "kernel_provisioner": {
                "provisioner_name": "compound-scaling-room",
                "config": {"kind": request.param},
            }
        },
    }
    folder = tmp_path / "jupyter" / "kernels" / "a-room"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return request.param


def started() -> tuple[KernelManager, BlockingKernelClient]:
    """A room that is ready, in the current folder."""
    manager = KernelManager(kernel_name="a-room")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client


def test_nbclient_executes_a_notebook_in_a_room_and_gets_its_outputs(kernel, tmp_path):
    (tmp_path / "beside.txt").write_text("beside")
    cells = ["print(open('beside.txt').read())", "import os\nos.environ.get('HOME')", "1 / 0", "6 * 7"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, kernel_name="a-room", allow_errors=True, resources=resources).execute()
    assert notebook.cells[0].outputs[0].text == "beside\n"
    assert notebook.cells[2].outputs[0].ename == "ZeroDivisionError"
    assert notebook.cells[3].outputs[0].data["text/plain"] == "42"
    if kernel == "bwrap":
        assert notebook.cells[1].outputs[0].data["text/plain"] == "'/room/work'"


def test_pipes_and_sockets_beside_a_notebook_are_not_copied(kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    manager, client = started()
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_manager_interrupts_restarts_and_ends_a_room(kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # what lies here is copied into the room
    manager, client = started()
    client.execute("import time; time.sleep(60)")
    while client.get_iopub_msg(timeout=60)["msg_type"] != "execute_input":
        pass  # it has not begun yet
    manager.interrupt_kernel()
    reply = client.execute_interactive("x = 1", timeout=30, output_hook=lambda message: None)
    assert reply["content"]["status"] in ("ok", "aborted")
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    reply = client.execute_interactive("x", timeout=30, output_hook=lambda message: None)
    assert reply["content"]["ename"] == "NameError"
    folder = Path(manager.ip).parent.resolve()
    assert folder.is_dir()
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive()
    assert not folder.exists()


def test_the_temporary_folder_may_have_a_long_path(kernel, tmp_path, monkeypatch):
    temporary = tmp_path / ("t" * 150)
    temporary.mkdir()
    monkeypatch.chdir(temporary)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    manager, client = started()
    reply = client.execute_interactive("1", timeout=30, output_hook=lambda message: None)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok" and not list(temporary.glob("k-*"))


def test_a_kernel_that_is_asked_to_end_is_gone_at_once(kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    manager, client = started()
    client.stop_channels()
    manager.request_shutdown()
    assert not manager.is_alive()
    manager.shutdown_kernel(now=True)


def test_a_client_hears_what_it_asked_for_and_waits_for_no_silence(kernel, tmp_path, monkeypatch):
    waited = []

    class Watched(PromptClient):
        async def get_iopub_msg(self, *args, **kwargs):
            waited.append((args, kwargs))
            return await super().get_iopub_msg(*args, **kwargs)

    async def use() -> str:
        manager = AsyncKernelManager(kernel_name="a-room")
        await manager.start_kernel()
        assert manager.client_factory is PromptClient
        manager.client_factory = Watched
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        assert waited and set(map(str, waited)) == {"((), {})"}  # none with a time
        reply = await client.execute_interactive("x = 6 * 7", timeout=30, output_hook=lambda message: None)
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return reply["content"]["status"]

    monkeypatch.chdir(tmp_path)
    assert asyncio.run(use()) == "ok"


def test_a_client_says_so_where_the_kernel_dies_or_says_nothing(kernel, tmp_path, monkeypatch):
    async def use() -> None:
        manager = AsyncKernelManager(kernel_name="a-room")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        monkeypatch.setattr(client, "kernel_info", lambda: "never asked")
        with pytest.raises(RuntimeError, match=r"in 0\.1 seconds"):
            await client.wait_for_ready(timeout=0.1)
        await manager.shutdown_kernel(now=True)
        with pytest.raises(RuntimeError, match="died"):
            await client.wait_for_ready(timeout=60)
        client.stop_channels()

    monkeypatch.chdir(tmp_path)
    asyncio.run(use())


def test_the_versions_that_this_was_written_for():
    """A kernel's sockets are handed in by ipykernel's and libzmq's own means; see inside/kernel.py."""
    assert version("ipykernel") == "7.4.0", "read its kernelapp.py, run these tests, then name the new version"
    assert version("jupyter_client") == "8.10.0", "read its provisioner_base.py and client.py, run these tests"


def test_a_kernel_that_cannot_be_started_leaves_nothing_open(tmp_path):
    def open_here() -> list[str]:
        return sorted(os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink())

    provisioner = RoomProvisioner(kind="bwrap", parent=KernelManager())
    provisioner._folder = tmp_path
    gc.collect()
    before = open_here()
    with pytest.raises(FileNotFoundError) as caught:
        asyncio.run(provisioner.launch_kernel([], cwd=str(tmp_path / "missing")))
    assert caught.tb, "what its frames hold is still there"
    assert open_here() == before
