"""`autograder grade --scheduler`: a class that is judged on a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.run.cluster.address import read_address, security_for
from autograder.run.run import Run
from autograder.run.workers.executor import Executor
from autograder.terminal import tell

if TYPE_CHECKING:
    from autograder.run.cluster.connection import Cluster


class OnCluster:
    """Who judges, if a scheduler was named. room: the kind of rooms that its workers have."""

    def __init__(self, cluster: "Cluster"):
        self._cluster = cluster
        self.room = cluster.room

    def __call__(self, run: Run, scratch: Path) -> Executor:
        """The executor of a run."""
        from autograder.run.cluster.executor import ClusterWorkers

        return ClusterWorkers(self._cluster, run, scratch)


@contextmanager
def connected(scheduler: str, insecure: bool, shard: str, course: Course, room: str) -> Iterator[OnCluster]:
    """Connect to a cluster, and wait until a worker of it may judge.

    Args:
        scheduler: its address, as it was typed.
        insecure: whether plain tcp:// may leave this machine.
        shard: what --shard says, which does not go together with a cluster.
        course: that is graded.
        room: the kind of rooms that is wanted, or "auto".

    Raises:
        WrongCall: if the address is none, or is not safe.
        NotInstalled: without Dask.
        SchedulerGone: if it cannot be reached.
        NoWorker: if none of its workers may judge.
    """
    if shard:
        raise WrongCall("--scheduler and --shard: name one of them; a shard is judged on its own machine")
    address = read_address(scheduler, insecure)
    security = security_for(address)
    from autograder.run.cluster.connection import Cluster  # imports Dask, which a run without it works without

    with Cluster(address, security, course, room, tell) as cluster:
        cluster.wait_for_workers()
        yield OnCluster(cluster)
