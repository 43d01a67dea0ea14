"""q1: right and wrong answers, and what each must get. `autograder verify` grades them all, with both tools."""

# %% right="the standard library's"
from statistics import median


# %% right="the middle from both ends"
def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2


# %% right="takes away the smallest and the largest until one or two are left"
def median(numbers):
    left = list(numbers)
    while len(left) > 2:
        left.remove(min(left))
        left.remove(max(left))
    return sum(left) / len(left)


# %% right="in two cells"
def in_order(numbers):
    return sorted(numbers)


# %%
def median(numbers):
    ordered, half = in_order(numbers), len(numbers) // 2
    return ordered[half] if len(numbers) % 2 else (ordered[half - 1] + ordered[half]) / 2


# %% wrong="takes the middle of the list as it comes" points=0 says="Are the numbers in order?"
def median(numbers):
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


# %% wrong="the mean" points=0 says="That is the mean"
def median(numbers):
    return sum(numbers) / len(numbers)


# %% wrong="the upper one of two in the middle" points=4 says="two are in the middle"
def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


# %% wrong="always two in the middle" points=2 says="one is in the middle, and not two"
def median(numbers):
    ordered, half = sorted(numbers), len(numbers) // 2
    return (ordered[half - 1] + ordered[half]) / 2


# %% wrong="rounds down" points=4 says="need not be a whole number"
def median(numbers):
    ordered, half = sorted(numbers), len(numbers) // 2
    return (ordered[half] + ordered[~half]) // 2


# %% wrong="sorts the list that it was given" points=4 says="sort it in place"
def median(numbers):
    numbers.sort()
    half = len(numbers) // 2
    return (numbers[half] + numbers[~half]) / 2


# %% wrong="prints the result and returns nothing" points=0 says="return its result, or only print it"
def median(numbers):
    ordered, half = sorted(numbers), len(numbers) // 2
    print((ordered[half] + ordered[~half]) / 2)
