"""q2_3: FLOPs at φ, exactly and by the paper's rule."""


# %% right="a closed form with powers"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** phi


def flops_growth_rule(phi):
    return 2**phi


# %% right="numpy"
import numpy as np


def flops_growth(phi, alpha, beta, gamma):
    return np.power(alpha * np.square(beta) * np.square(gamma), phi)


# %%
def flops_growth_rule(phi):
    return np.exp2(phi)


# %% wrong="width counts once" points=2.5 says="zzz"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta * gamma**2) ** phi


# %% [raw] wrong="a bracket is missing" points=2 says="SyntaxError" cell="flops_growth"
# def flops_growth(phi, alpha, beta, gamma):
#     return (alpha * beta * gamma**2 ** phi
