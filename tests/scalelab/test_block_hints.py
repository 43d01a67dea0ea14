"""What the checks that students run say of blocks: those of tests/questions/test_public_hints.py that need torch."""

from torch import nn

from scalelab.checking.blocks import theirs
from tests.public_checks import said


def test_blocks_that_all_drop_alike_or_take_drop_path_for_the_chance_to_stay_are_told():
    class Kept(nn.Module):
        """torchvision's block, which keeps a branch with the chance drop_path."""

        def __init__(self, *sizes, drop_path=0.0):
            super().__init__()
            self.block = theirs(*sizes)
            self.block.stochastic_depth.p = 1 - drop_path if drop_path else 0.0

        def forward(self, maps):
            return self.block(maps)

    assert "the chance to be dropped, not the chance to stay" in said("q3_mbconv", MBConv=Kept)
