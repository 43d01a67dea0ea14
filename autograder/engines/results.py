"""Where an engine gets a submission's results from: the store, or otherwise the judge."""

from dataclasses import replace

from autograder.course.submission import Submission
from autograder.engines.grading import Grading, WhenStarved
from autograder.judge import Results
from autograder.judge.store import HAND_IN, Store, key_of_parts, parts_of


def results_for(submission: Submission, grading: Grading) -> Results:
    """The results of a submission: those that the run has already, otherwise new ones, which are kept.

    Args:
        submission: what was handed in.
        grading: how the run judges. If it has no seed, the store's is taken.

    Raises:
        NoRoom: if no room can be opened, in several tries.
    """
    for known in grading.known:
        if known.notebook == submission.notebook:
            return known
    store = Store(grading.store)
    parts = parts_of(submission, grading.room, grading.limits, grading.course)
    key = key_of_parts(parts)
    if (kept := kept_results(submission, grading, parts)) is not None:
        return kept
    seed = store.seed() if grading.seed is None else grading.seed

    def judged() -> Results:
        return replace(judge_anew(submission, grading, seed), parts=parts)

    results = judged()
    if grading.starved is WhenStarved.LAST:
        results = replace(results, retried=True)
    elif results.starved and grading.starved is WhenStarved.LATER:
        return store.save(results, "")  # no verdict yet: a run that is stopped judges it again
    elif results.starved:
        results = replace(judged(), retried=True)
    return store.save(results, key)


def judge_anew(submission: Submission, grading: Grading, seed: int) -> Results:
    """The judge's results, whatever is known already. They are not kept.

    Args:
        submission: what was handed in.
        grading: how the run judges; its seed does not matter.
        seed: of the inputs that tests draw.

    Raises:
        NoRoom: if no room can be opened, in several tries.
    """
    from autograder.judge.judging import judge  # imports otter; a run that finds all results works without it

    return judge(submission, seed, grading.room, grading.course, grading.limits)


def kept_results(submission: Submission, grading: Grading, parts: dict[str, str]) -> Results | None:
    """A verdict that is in the store and stays, or None.

    It stays if nothing that it depends on has changed; and where only other questions are to be graded, if the hand-in
    has not.

    Args:
        submission: what was handed in.
        grading: how the run judges.
        parts: what a verdict depends on now, of `parts_of`.
    """
    stored = Store(grading.store).latest(submission.student, submission.notebook)
    if stored is None or stored.waits_for_retry:
        return None
    wanted = grading.wants(question.question for question in stored.questions)
    if not wanted and stored.parts.get(HAND_IN) == parts[HAND_IN]:
        return stored
    is_valid = stored.key == key_of_parts(parts) and grading.seed in (None, stored.seed)
    return stored if is_valid and not (wanted and grading.again) else None
