"""Text that is shown as it was typed, because it could not be rendered."""

from html import escape

LONGEST = 20_000

CLIPPED = 'style="overflow: auto"'
"""Nothing of what somebody wrote is drawn outside of its own place, not even a hundred accents on a letter."""


def as_typed(text: str, reason: str) -> str:
    """A text as one block of HTML, with a note above it that says why it is not rendered.

    It has no blank line, because markdown would take what follows one for markdown again.

    Args:
        text: what was typed.
        reason: why it is not rendered; it completes "Shown as it was typed, because …".
    """
    cut = text if len(text) <= LONGEST else text[:LONGEST] + "\n… (cut off)"
    lines = "\n".join(line or "&#8203;" for line in escape(cut).split("\n"))
    note = f"<p><em>Shown as it was typed, because {escape(reason)}.</em></p>"
    return f'<div class="as-typed" {CLIPPED}>{note}\n<pre>{lines}</pre></div>'
