"""What processes use up is counted where no control group counts it."""

import os
import select
from contextlib import ExitStack

from autograder.room.inside.usage import LEAST_OF_WATCH, memory_of


def test_what_epoll_watches_counts_as_memory():
    own = [os.getpid()]
    with ExitStack() as opened:
        files = [os.eventfd(0) for _ in range(200)]
        for file in files:
            opened.callback(os.close, file)
        before = memory_of(own)
        for _ in range(40):
            watching = opened.enter_context(select.epoll())
            for file in files:
                watching.register(file)
        after = memory_of(own)
    assert after - before >= 40 * len(files) * LEAST_OF_WATCH
    assert memory_of(own) < after - 30 * len(files) * LEAST_OF_WATCH
