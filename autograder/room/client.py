"""A Jupyter client that takes a kernel for ready as soon as it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from jupyter_client.asynchronous import AsyncKernelClient

ASK_EVERY = 1.0
"""Seconds after which a kernel is asked again: what it says before its iopub channel is connected is lost."""


class PromptClient(AsyncKernelClient):
    """jupyter_client's own, but for the 0.2 seconds of silence that it waits for at each start.

    It hears out what the kernel has to say to one request instead; nothing more can come then.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel has answered and is idle. Raises RuntimeError where it dies or takes too long."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            try:
                async with asyncio.timeout(ASK_EVERY):
                    await self._hear_out(self.kernel_info())
                return
            except TimeoutError:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds") from None

    async def _hear_out(self, asked: str) -> None:
        """All that the kernel says to one request for its info. asked: the request's id."""
        self._handle_kernel_info_reply(await _next(self.get_shell_msg, asked, "kernel_info_reply"))
        while (await _next(self.get_iopub_msg, asked, "status"))["content"]["execution_state"] != "idle":
            pass


async def _next(get_message: Callable[[], Awaitable[dict]], asked: str, kind: str) -> dict:
    """The next message of a kind that answers the request."""
    while True:
        message = await get_message()
        if message["msg_type"] == kind and message["parent_header"].get("msg_id") == asked:
            return message
