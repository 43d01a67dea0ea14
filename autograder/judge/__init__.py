"""Where verdicts are made: values from a room, and otter test files run against them.

`judging.judge(submission, seed) -> Results` is the one function that makes a verdict. Both engines render its Results.
"""

from autograder.judge.results import CaseResult, QuestionResult, Results, Status

__all__ = ["CaseResult", "QuestionResult", "Results", "Status"]
