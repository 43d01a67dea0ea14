"""x_bugs: inputs that tell the right round_channels from wrong ones."""

# %% right="another choice"
telling_inputs = [(13, 0.5, 1), (51, 0.7, 8), (17, 1.2, 16), (25, 1, 4), (3, 1, 4), (102, 0.5, 8)]


# %% right="three are enough; lists, and the divisor is left out where it is 8"
telling_inputs = [[13, 0.5, 1], [4, 1.4, 5], [1, 1.1, 1], [192, 1.1]]


# %% right="numpy's numbers"
import numpy as np

telling_inputs = [tuple(one) for one in np.array([(13, 0.5, 1), (4, 1.4, 5), (1, 1.1, 1)])]


# %% right="columns that are zipped"
channels, widths, divisors = (13, 51, 17, 25, 3, 12), (0.5, 0.7, 1.2, 1.0, 1.0, 0.9), (1, 8, 16, 4, 4, 5)
telling_inputs = list(zip(channels, widths, divisors))


# %% wrong="the examples of the notebook" points=0 says="halfway between two multiples"
telling_inputs = [(192, 1.1, 8), (112, 1.2, 8), (32, 1.1, 8)]


# %% wrong="halves alone" points=0.5 says="in the third step"
telling_inputs = [(52, 1, 8), (60, 1, 8)]


# %% wrong="nothing but 8 for a divisor" points=1.5 says="where the divisor is not 8"
telling_inputs = [(52, 1, 8), (51, 0.7, 8), (11, 1, 8), (100, 0.5, 8), (62, 1, 8), (51, 1, 8)]


# %% wrong="products that are whole" points=1 says="in the product"
telling_inputs = [(26, 0.5, 2), (51, 1, 8), (40, 0.5, 8), (25, 1, 4), (3, 1, 4), (17, 1, 12)]


# %% wrong="seven" points=0 says="At most six"
telling_inputs = [(52, 1, 8), (51, 0.7, 8), (17, 1.2, 16), (25, 1, 4), (3, 1, 4), (100, 0.5, 8), (1, 1, 1)]


# %% wrong="no list, one input" points=0 says="even where there is one alone"
telling_inputs = (52, 1.0, 8)


# %% wrong="a dict of inputs and results" points=0 says="A list of tuples of numbers"
telling_inputs = {(52, 1.0, 8): 56}


# %% wrong="the results among them" points=0 says="(channels, width, divisor)"
telling_inputs = [(52, 1.0, 8, 56), (51, 0.7, 8, 40)]


# %% wrong="a width of 0" points=0 says="above 0"
telling_inputs = [(52, 0, 8)]


# %% wrong="half a channel" points=0 says="whole numbers"
telling_inputs = [(52.5, 1.0, 8)]


# %% wrong="texts" points=0 says="are numbers"
telling_inputs = [("52", "1.0", "8")]


# %% wrong="an empty list" points=0 says="of one to six tuples"
telling_inputs = []


# %% wrong="a function" points=0 says="A list of tuples of numbers"
def telling_inputs():
    return [(52, 1, 8)]
