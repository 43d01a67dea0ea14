"""Lends our own answer to an earlier question: it runs in a room of the judge's own, and is called from the student's.

The student's room has a stand-in that asks for each call, so the answer's code never enters it. What asks is a hostile
room's: it is decoded strictly, and whatever it makes the answer do ends in that other room.
"""

from typing import Any

from autograder.judge.references import play_given
from autograder.judge.session import Session
from autograder.judge.values import Handle, Names, StudentRaised, decode, encode
from autograder.room import Limits, RoomGone, RoomTooSlow
from notebook_checks import NotAValue, Spare

ANSWER_BYTES = 20_000_000
"""Of one result that is lent. What a room may ask with is limited like its answers."""


class Lender:
    """Calls what is lent, for a student's room. A context manager: its own room is closed at the end.

    Args:
        spare: what is lent.
        session: the student's. The lender's room has the same kind and needs, and all calls together may take as long
            as the cases of one question may.
    """

    def __init__(self, spare: Spare, session: Session):
        self.spare = spare
        self._asking = session
        limits = Limits(notebook_seconds=session.limits.question_seconds, answer_bytes=ANSWER_BYTES)
        self._session = Session((), session.kind, limits, needs=session.needs)
        self._names = Names(self._session, session.limits.question_seconds)

    def __enter__(self) -> "Lender":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def reply(self, asked: Any) -> dict[str, Any]:
        """What the student's room is told: {"value": what the call gives} or {"raised": a built-in exception's name}.

        Args:
            asked: [args, kwargs] as that room has sent them.

        Raises:
            RoomLost: if the lender's room ended through no fault of the student's.
            NoRoom: if none can be opened.
        """
        try:
            args, kwargs = _call(asked)
            play_given(self._session, self.spare.name, self.spare.source)
            given = self._names[self.spare.name](*args, **kwargs)
            return {"value": encode(given)} if not isinstance(given, Handle) else {"raised": "TypeError"}
        except StudentRaised as problem:
            return {"raised": problem.kind}
        except NotAValue:
            return {"raised": "ValueError"}
        except RoomGone:
            return {"raised": "MemoryError"}
        except RoomTooSlow as slow:
            self._asking.starved |= slow.starved
            return {"raised": "TimeoutError"}


def _call(asked: Any) -> tuple[list[Any], dict[str, Any]]:
    """The arguments that a room asks with.

    Raises:
        NotAValue: if they are malformed.
    """
    args, kwargs = decode(asked) if type(asked) is list and len(asked) == 2 else (None, None)
    if type(args) is not list or type(kwargs) is not dict or not all(type(key) is str for key in kwargs):
        raise NotAValue("object")
    return args, kwargs
