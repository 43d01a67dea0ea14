"""Everything that a user can get wrong, as exceptions.

    UserError               one or more lines: what is wrong, where, and what to do. Caught once, in the command line.
    ├── WrongCall           the command was called with something that does not fit
    │   ├── NoSuchCourse    no course folder was named or found
    │   ├── NothingHandedIn no hand-in is where one was looked for
    │   ├── NoSuchRoom      the kind of room is not available on this machine, or would show what must stay hidden
    │   ├── NoReport        there is no grading run to report on
    │   └── NotGraded       a step needs grading first
    ├── CourseError         course.toml, a source notebook, a test file or the answer bank is wrong
    └── NotRecorded         nbgrader could not write down what was graded

A traceback is for our own mistakes alone. None of these is ever the fault of a student: what a student hands in never
raises one of them.
"""

DONE, NOT_ALL_DONE, CALLED_WRONGLY = 0, 1, 2
"""Exit statuses of the command."""


class UserError(Exception):
    """Something that the person at the keyboard can put right. Its text says what, where, and what to do."""

    exit_status = CALLED_WRONGLY


class WrongCall(UserError):
    """The command was called with something that does not fit."""


class NoSuchCourse(WrongCall):
    """No course folder was named or found."""


class NothingHandedIn(WrongCall):
    """No hand-in is where one was looked for."""


class NoSuchRoom(WrongCall):
    """The kind of room is not available here, or would show student code what must stay hidden."""


class NoReport(WrongCall):
    """There is no grading run to report on."""


class NotGraded(WrongCall):
    """A step was asked for that needs graded hand-ins, and there are none."""


class CourseError(UserError):
    """Something in the course folder is wrong. Its text has a line for each mistake, with the file and the cell."""

    exit_status = NOT_ALL_DONE


class NotRecorded(UserError):
    """nbgrader could not write down what was graded, or could not make pages of it."""

    exit_status = NOT_ALL_DONE
