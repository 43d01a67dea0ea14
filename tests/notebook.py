"""A student's own kernel, asked as JupyterLab asks it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager


@dataclass
class Ran:
    """What came of a cell. text: its printed output; errors: messages with ename, evalue and traceback."""

    text: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)


class Notebook:
    """A kernel in `folder`, while it is open."""

    def __init__(self, folder: Path):
        self.kernel = KernelManager()
        self.folder = folder

    def __enter__(self) -> "Notebook":
        self.kernel.start_kernel(cwd=str(self.folder))
        self.client = self.kernel.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.kernel.shutdown_kernel(now=True)

    def run(self, source: str, cell: str | None = None, interrupt_at: str | None = None) -> Ran:
        """Run a cell.

        Args:
            source: its text.
            cell: its id in the notebook.
            interrupt_at: press ■ when this is printed.
        """
        ran = Ran()
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        message = self.client.session.msg("execute_request", content | {"user_expressions": {}})
        message["metadata"] = {"cellId": cell} if cell else {}
        self.client.shell_channel.send(message)
        while True:
            got = self.client.get_iopub_msg(timeout=120)
            if got["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, said = got["msg_type"], got["content"]
            if kind == "error":
                ran.errors.append(said)
            elif kind == "stream":
                ran.text += said["text"]
                if interrupt_at is not None and interrupt_at in said["text"]:
                    self.kernel.interrupt_kernel()
                    interrupt_at = None
            elif kind == "status" and said["execution_state"] == "idle":
                return ran
