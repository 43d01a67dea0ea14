"""The picture of the playground for places where nothing runs: GitHub, exported pages, a notebook of yesterday."""

import base64
import html
import io

from scalelab.figures.network_figure import draw_network

PHI = 1.0
"""Of the network in the picture."""

HINT = "A still picture. Run this cell in JupyterLab, VS Code or Colab to move φ yourself."


def still_bundle(name: str, alpha: float, beta: float, gamma: float) -> tuple[dict[str, str], dict]:
    """MIME types of the picture and their metadata. It is drawn once.

    Args:
        name: what the running widget finds its picture by, to hide it.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.
    """
    figure = draw_network(PHI, True, alpha, beta, gamma)
    told = f"{HINT} {vars(figure)['alt_text']}"
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    picture = base64.b64encode(buffer.getvalue()).decode()
    image = f'<img alt="{html.escape(told)}" src="data:image/png;base64,{picture}" style="max-width:100%">'
    data = {
        "text/html": f'<div data-still="{html.escape(name)}">{image}<p>{HINT}</p></div>',
        "image/png": picture,
        "text/plain": f"Figure: {told}",
    }
    return data, {"image/png": {"alt": told}}
