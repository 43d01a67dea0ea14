"""What student code may use up, with all defaults in one place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """cell_seconds: for one cell. call_seconds: for one call of a student's function by a test.
    question_seconds: for all cases of one question. notebook_seconds: for everything. start_seconds: for a kernel to
    answer at all. answer_bytes: for one value that a room gives.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    question_seconds: float = 60.0
    notebook_seconds: float = 900.0
    start_seconds: float = 60.0
    answer_bytes: int = 16_000_000
