"""Where an engine gets a submission's results from: the store, or otherwise the judge."""

from dataclasses import replace

from autograder.course.submission import Submission
from autograder.engines.grading import Grading, WhenStarved
from autograder.judge import Results
from autograder.judge.store import Store, key_of


def results_for(submission: Submission, grading: Grading) -> Results:
    """The results of a submission: those that the run has already, otherwise new ones, which are kept."""
    for known in grading.known:
        if known.notebook == submission.notebook:
            return known
    store = Store(grading.store)
    key = key_of(submission, grading.room, grading.limits, grading.course)
    stored = store.load(submission.student, submission.notebook, key)
    if stored is not None and grading.seed in (None, stored.seed):
        return stored
    from autograder.judge.judging import judge  # imports otter; a run that finds all results works without it

    seed = store.seed() if grading.seed is None else grading.seed
    results = judge(submission, seed, grading.room, grading.course, grading.limits)
    if grading.starved is WhenStarved.LAST:
        results = replace(results, retried=True)
    elif results.starved and grading.starved is WhenStarved.LATER:
        return store.save(results, "")  # no verdict yet: a run that is stopped judges it again
    elif results.starved:
        results = replace(judge(submission, seed, grading.room, grading.course, grading.limits), retried=True)
    return store.save(results, key)
