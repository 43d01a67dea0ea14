"""x_order: the steps of MBConv in order."""

# %% right="a list of letters"
block_steps = ["b", "d", "h", "e", "i", "a"]


# %% right="large letters and commas"
block_steps = "B, D, H, E, I, A"


# %% right="arrows, in a tuple of one"
block_steps = ("b -> d -> h -> e -> i -> a",)


# %% wrong="no drop of the branch" points=1.5 says="What is dropped"
block_steps = "bdhea"


# %% wrong="a bottleneck of ResNet" points=1 says="narrow in the middle"
block_steps = "jdhfia"


# %% wrong="an ordinary convolution as the filter" points=0.5 says="what makes it cheap"
block_steps = "bgheia"


# %% wrong="gates at the end" points=1.5 says="most channels to choose from"
block_steps = "bdehia"


# %% wrong="gates before the filter" points=1.5 says="most channels to choose from"
block_steps = "bhdeia"


# %% wrong="pools, then gates" points=1.5 says="inside squeeze-and-excitation"
block_steps = "bdkheia"


# %% wrong="the projection is activated" points=1.5 says="what would an activation function do"
block_steps = "bdhfia"


# %% wrong="the sum is activated" points=1.5 says="what would an activation function do"
block_steps = "bdheiac"


# %% wrong="the sum is dropped" points=1.5 says="What is dropped"
block_steps = "bdheai"


# %% wrong="the branch is dropped before it is complete" points=1.5 says="when it is complete"
block_steps = "bdihea"


# %% wrong="filter first, then expand" points=1.5 says="before the filter"
block_steps = "dbheia"


# %% wrong="all letters" points=0 says="narrow in the middle"
block_steps = "abcdefghijk"


# %% wrong="backwards" points=0 says="before the filter"
block_steps = "aiehdb"


# %% wrong="numbers" points=0 says="A text of letters"
block_steps = [2, 4, 8, 5, 9, 1]


# %% wrong="one letter twice" points=0 says="once at most"
block_steps = "bdheiab"


# %% wrong="a letter that is no step" points=0 says="The letters of the table"
block_steps = "bdhez"


# %% wrong="nothing" points=0 says="Your letters go into"
block_steps = ""
