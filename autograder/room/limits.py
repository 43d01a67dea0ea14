"""What student code may use up, with all defaults in one place."""

from dataclasses import dataclass

from autograder.room.meter import Allowed

MB = 1_000_000

ROOM_TO_FAIL = 1000 * MB
"""How much more one process may ask for than all of them together may use. A process that asks for more at once gets a
MemoryError; one that takes it little by little is noticed."""


@dataclass(frozen=True)
class Limits:
    """Seconds are CPU time of all processes of a room together; by the clock, `patience` times as long is allowed.

    cell_seconds: for one cell. call_seconds: for one call of a student's function by a test.
    question_seconds: for all cases of one question. notebook_seconds: for everything. start_seconds: for a room to
    answer at all, by the clock. answer_bytes: for one value that a room gives.

    memory_bytes: of all processes of a room together. process_bytes: data of one. processes: with their threads.
    file_bytes: one file. disk_bytes and files: of the room's whole disk.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    question_seconds: float = 60.0
    notebook_seconds: float = 900.0
    start_seconds: float = 60.0
    patience: float = 4.0
    answer_bytes: int = 4 * MB
    memory_bytes: int = 3000 * MB
    process_bytes: int = 4000 * MB
    processes: int = 64
    file_bytes: int = 200 * MB
    disk_bytes: int = 300 * MB
    files: int = 20_000

    def allowed(self, seconds: float) -> Allowed:
        """So many seconds of CPU time, and what that may take by the clock."""
        return Allowed(seconds, self.patience * seconds)
