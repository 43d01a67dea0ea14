# %% [markdown]
# # 1 · Averages
#
# What is the number that stands for many? Here you write one such average, and argue for another.
#
# - **Answer cells** hold a function with its description and a line that raises `NotImplementedError`. Put your code
#   in the place of that line.
# - **`grader.check("…")`** tells you at once whether a few examples come out right. When you hand in, more inputs are
#   tried. The description says everything that they may ask.
# - **Written answers** are read by a person.

# %%
from notebook_checks.notebook import Notebook

grader = Notebook()

# %% [markdown]
# ## 1 · The median (6 points)
#
# Put the numbers in order: the median is the one in the middle. Of an even number of numbers two are in the middle, and
# the median is their mean.


# %% question="q1" role="answer"
def median(numbers):
    """The median of a list of numbers, in any order. The list holds at least one number, and is left as it is."""
    ### BEGIN SOLUTION put the numbers in order, then look at the middle
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
    ### END SOLUTION


# %% question="q1" role="check"
grader.check("q1")

# %% role="playground"
# This cell is yours: nothing in it is graded.
median([2, 30, 4])

# %% [markdown] question="q2" role="written"
# ## 2 · Which average? (4 points)
#
# A village of ninety farmers and one millionaire wants to say in a brochure what people there earn. Mean or median?
# Give your reason, and name a purpose for which you would choose the other one. Three sentences are enough.

# %% [markdown] question="q2" role="rubric"
# - [2] The median, because one very large income moves the mean and hardly the median.
# - [2] A purpose for which the total counts, with its reason: the tax that the village can expect is the mean times
#   the number of people.
#
# Common wrong answers:
# - "The median, because it is more exact": 0 of the first 2 points.

# %% [markdown] question="q2" role="answer"
# The median: the one millionaire lifts the mean far above what any farmer earns, and moves the median by at most one
# place. To estimate how much tax the village will pay, the mean is the better number: times the number of people it
# gives the total, which the median does not.

# %% [markdown]
# ## Handing in
#
# Save the notebook first. The cell below looks at what will be graded, says what is still untouched, and packs one zip.
# You can hand in as often as you like; the last one counts.

# %% role="playground"
import notebook_checks

handed_in = notebook_checks.hand_in()
