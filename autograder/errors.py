"""Everything that a user can get wrong, as exceptions.

    UserError               one or more lines: what is wrong, where, and what to do. Caught once, in the command line.
    ├── WrongCall           the command was called with something that does not fit
    │   ├── NoSuchCourse    no course folder was named or found
    │   ├── NothingHandedIn no hand-in is where one was looked for
    │   ├── NoSuchRoom      the kind of room is not available on this machine, or would show what must stay hidden
    │   ├── NoReport        there is no grading run to report on
    │   ├── NothingGraded   a step needs grading first
    │   ├── NotReleased     the student release is missing, or older than the course folder
    │   └── NotInstalled    a package that the course needs is not installed
    ├── CourseError         course.toml, a source notebook, a test file or the answer bank is wrong
    ├── NoWorker            no worker process could get ready to grade
    ├── SchedulerGone       a cluster's scheduler cannot be reached, or not any more
    ├── NotFinished         a shard is missing, or its run did not come to its end
    ├── NotRecorded         nbgrader could not write down what was graded
    ├── MachineTrouble      the machine refused: a full disk, a file that may not be read, a database that is locked
    │   └── GradebookTrouble the gradebook's database went away for too long, or refuses to be written to
    └── NoRoom              (in autograder.room) no room could be opened, in several tries

Every other exception is a mistake of this program, whose traceback is written whole. A traceback is
for our own mistakes alone. None of these is ever the fault of a student: what a student hands in never raises one.
"""

import errno

DONE, NOT_ALL_DONE, CALLED_WRONGLY, FAULT, INTERRUPTED = 0, 1, 2, 70, 130
"""Exit statuses of the command. FAULT: a mistake of this program (EX_SOFTWARE of sysexits.h)."""


FIRST = "run 'autograder release' first"
"""What most often is to be done about what is missing."""


class UserError(Exception):
    """Something that the person at the keyboard can put right. Its text says what, where, and what to do.

    details: what another program said, for the log.
    """

    exit_status = CALLED_WRONGLY
    details = ""


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


class NothingGraded(WrongCall):
    """A step was asked for that needs graded hand-ins, and there are none."""


class NotReleased(WrongCall):
    """The student release is missing, or is older than what is asked for."""


class NotInstalled(WrongCall):
    """A package that the course needs is not installed."""


class CourseError(UserError):
    """Something in the course folder is wrong. Its text has a line for each mistake, with the file and the cell."""

    exit_status = NOT_ALL_DONE


class NoWorker(UserError):
    """A worker process could not get ready to grade. `details` has the traceback."""

    exit_status = NOT_ALL_DONE


class SchedulerGone(UserError):
    """A cluster's scheduler cannot be reached, or not any more. What was judged is kept."""

    exit_status = NOT_ALL_DONE


class NotFinished(UserError):
    """A shard of a run is missing, or did not come to its end. Its text has a line for each."""

    exit_status = NOT_ALL_DONE


class NotRecorded(UserError):
    """nbgrader could not write down what was graded, or could not make pages of it."""

    exit_status = NOT_ALL_DONE


class MachineTrouble(UserError):
    """The machine refused something. Its text names the file, and what may help."""

    exit_status = NOT_ALL_DONE


class GradebookTrouble(MachineTrouble):
    """The gradebook's database went away and did not come back, or refuses what every student needs.

    A run ends with it: it is no student's trouble, so nobody is written down as not graded.
    """


FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY}
OF_THE_MACHINE = {errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENAMETOOLONG, errno.ELOOP, errno.ESTALE}
WHAT_TO_DO = (
    dict.fromkeys(FULL, "make room there, or name another place (TMPDIR for files that are in use for a while)")
    | dict.fromkeys(FORBIDDEN, "see whose it is and who may read and write it, or name another place")
    | dict.fromkeys(IN_THE_WAY, "something else is in this place; move it away, or name another place")
    | {
        errno.EMFILE: "allow more open files (ulimit -n), or use fewer --workers",
        errno.ENFILE: "too many files are open on this machine; end other programs",
        errno.ENOMEM: "end other programs, or use fewer --workers",
    }
)


def machine_trouble(problem: BaseException) -> MachineTrouble | None:
    """What a user can put right of an exception that Python or a library raised.

    Args:
        problem: any exception.

    Returns:
        The trouble in one line, or None if the exception is rather a mistake of this program.
    """
    if isinstance(problem, MemoryError):
        return MachineTrouble("there is no memory left: end other programs, or use fewer --workers")
    if isinstance(problem, OSError) and problem.errno in FULL | FORBIDDEN | IN_THE_WAY | OF_THE_MACHINE:
        # Of two names, the first is that of a file of ours which is about to take the place of the second.
        name = problem.filename2 if problem.filename2 is not None else problem.filename
        where = f"{name}: " if name is not None else ""
        help_ = WHAT_TO_DO.get(problem.errno, "this is the machine's trouble; put it right, then try again")
        return MachineTrouble(f"{where}{problem.strerror}; {help_}")
    return None
