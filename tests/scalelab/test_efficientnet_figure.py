"""The figures of notebook 3 tell what its text tells."""

from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from scalelab.figures.efficientnet_figure import show_block, show_stochastic_depth


def test_the_block_narrows_to_a_quarter_of_what_comes_in():
    assert "its average, 10 numbers, 240 numbers" in show_block(channels=40, expand_ratio=6).alt_text


def test_a_block_of_b0_without_a_residual_connection_never_drops():
    upper, lower = show_stochastic_depth(images=200, drop_path=0.9).axes
    boxes = [patch for patch in upper.patches if isinstance(patch, Rectangle)]
    dropped = {round(box.get_center()[0]) for box in boxes if box.get_facecolor()[:3] == to_rgb("white")}
    first_of_its_stage = {0, 1, 3, 5, 8, 11, 15}
    assert dropped == set(range(16)) - first_of_its_stage
    heights = [bar.get_height() for bar in lower.patches]
    assert [index for index, height in enumerate(heights) if height == 0] == sorted(first_of_its_stage)
    assert heights[14] == 0.9 * 14 / 16
