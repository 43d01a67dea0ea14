"""What one text and one picture may use up while they are made safe, and how large they may become."""

TEXT_SECONDS = 1.0
PICTURE_SECONDS = 5.0
"""Processor time of the process that renders, for one text and for one picture."""

WALL_SECONDS = 60.0
"""For an answer to come at all, on a machine that has much else to do."""

NOTEBOOK_SECONDS = 20.0
"""For all texts and pictures of one notebook together. Ordinary ones take a hundredth of this."""

MEMORY_BYTES = 1_500_000_000
"""Address space of the process."""

HTML_CHARACTERS = 1_000_000
"""Of one text, pictures not counted."""

NESTING = 20
"""Quotations, lists, emphases and tags inside one another."""

PICTURE_PIXELS = 60_000_000
"""Of a picture as it was handed in: a telephone's camera has fewer."""

SHOWN_PIXELS = 1600
"""Of the longer side of a picture as it is shown."""

PICTURE_BYTES = 10_000_000
"""Of a picture as it was handed in."""

PICTURES = 30
"""In one notebook."""

KEEP_PNG_BYTES = 400_000
"""A drawing that is larger as a PNG is kept as a JPEG."""
