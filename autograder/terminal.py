"""Standard error, where people read what a command has to say."""

from rich.console import Console

from autograder.passwords import without_passwords

console = Console(stderr=True, highlight=False)


def tell(line: str) -> None:
    """Print a line, without passwords, and so that no terminal obeys it."""
    console.print(for_terminal(without_passwords(line)), markup=False, soft_wrap=True)


def for_terminal(text: str) -> str:
    """A text that no terminal obeys: control characters, and those that turn the direction of writing, as ?."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
