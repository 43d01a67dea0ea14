# %% [markdown]
# # 2 · Spread
#
# How far apart are many numbers?

# %%
import math

import otter

grader = otter.Notebook()


# %% question="q3" role="answer"
def deviation(numbers):
    """The standard deviation of some numbers: the root of the mean square of their distances from their mean."""
    ### BEGIN SOLUTION first the mean, then the distances from it
    mean_of_them = sum(numbers) / len(numbers)
    return math.sqrt(sum((number - mean_of_them) ** 2 for number in numbers) / len(numbers))
    ### END SOLUTION


# %% question="q3" role="check"
grader.check("q3")


# %% question="q4" role="answer"
def steps(numbers):
    """By how much each number is larger than the one before it: a list that is shorter by one."""
    ### BEGIN SOLUTION take each number together with the next one
    return [after - before for before, after in zip(numbers, numbers[1:])]
    ### END SOLUTION


# %% question="q4" role="check"
grader.check("q4")


# %% question="x1" role="answer"
def largest_step(numbers):
    """A bonus: the largest step up or down between neighbours, without a sign."""
    ### BEGIN SOLUTION the sign goes before the largest is looked for
    return max(abs(after - before) for before, after in zip(numbers, numbers[1:]))
    ### END SOLUTION


# %% question="x1" role="check"
grader.check("x1")

# %% role="train"
# Write the largest prime number below 1000 into largest.txt, and hand that file in with this notebook.

# %% question="q5" role="check"
grader.check("q5")

# %% [markdown] question="q6" role="written"
# ## A range, or a deviation?

# %% [markdown] question="q6" role="rubric"
# - [2] The range, because it looks at the two outermost numbers alone.
# - [1] An example of such numbers.

# %% [markdown] question="q6" role="answer"
# The range follows the two outermost numbers, whatever lies between them: one typing error is enough to spoil it.
