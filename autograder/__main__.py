"""The command `autograder`, which is `python -m autograder`, too."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it. Loading takes a while, and Ctrl-C meanwhile is no mistake of ours."""
    try:
        from autograder.cli import main as run
    except KeyboardInterrupt:
        print("autograder: stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
