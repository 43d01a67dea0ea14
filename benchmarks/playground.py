"""The playground in JupyterLab in a real browser: milliseconds from a move of the slider to its new picture."""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.compound import COURSE
from tests.scalelab.dragged import WATCH, drag, open_playground, predict, write_playground
from tests.scalelab.lab import open_lab, open_page


def main() -> None:
    """Print the median and the 95th percentile until it is drawn, and until it is painted, of each drag."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drags", type=int, default=3, help="from one end of the slider to the other (3)")
    drags = parser.parse_args().drags
    with tempfile.TemporaryDirectory() as folder:
        served = Path(folder, "lab")
        shutil.copytree(COURSE.release, served)
        write_playground(served)
        with open_lab(served, Path(folder, "own")) as address, open_page(1400) as page:
            open_playground(page, address)
            predict(page)
            page.evaluate(WATCH)
            for _ in range(drags):
                for name, times in drag(page).items():
                    late = statistics.quantiles(times, n=20)[-1]
                    print(f"{name:8} median {statistics.median(times):6.1f}, 95% {late:6.1f} ms ({len(times)} times)")


if __name__ == "__main__":
    main()
