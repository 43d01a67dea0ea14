"""Where an engine gets a submission's results from: the store, or otherwise the judge."""

from dataclasses import replace

from autograder.course.submission import Submission
from autograder.engines.grading import Grading, WhenStarved
from autograder.judge import Results
from autograder.judge.store import HAND_IN, Store, key_of_parts, parts_of


def results_for(submission: Submission, grading: Grading) -> Results:
    """The results of a submission: those that the run has already, otherwise new ones, which are kept."""
    for known in grading.known:
        if known.notebook == submission.notebook:
            return known
    store = Store(grading.store)
    parts = parts_of(submission, grading.room, grading.limits, grading.course)
    key = key_of_parts(parts)
    if (kept := _kept(store.latest(submission.student, submission.notebook), submission, parts, grading)) is not None:
        return kept
    from autograder.judge.judging import judge  # imports otter; a run that finds all results works without it

    seed = store.seed() if grading.seed is None else grading.seed

    def judged() -> Results:
        return replace(judge(submission, seed, grading.room, grading.course, grading.limits), parts=parts)

    results = judged()
    if grading.starved is WhenStarved.LAST:
        results = replace(results, retried=True)
    elif results.starved and grading.starved is WhenStarved.LATER:
        return store.save(results, "")  # no verdict yet: a run that is stopped judges it again
    elif results.starved:
        results = replace(judged(), retried=True)
    return store.save(results, key)


def _kept(stored: Results | None, submission: Submission, parts: dict[str, str], grading: Grading) -> Results | None:
    """A verdict that is there and stays, or None.

    It stays if nothing that it depends on has changed; and where only other questions are to be graded, if the hand-in
    has not.
    """
    if stored is None or stored.waits_for_retry:
        return None
    wanted = grading.wants(question.question for question in stored.questions)
    if not wanted and stored.parts.get(HAND_IN) == parts[HAND_IN]:
        return stored
    is_valid = stored.key == key_of_parts(parts) and grading.seed in (None, stored.seed)
    return stored if is_valid and not (wanted and grading.again) else None
