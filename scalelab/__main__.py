"""`python -m scalelab doctor`: what is installed, what this machine can do, and what to do where something is wrong."""

import sys

from scalelab.doctor import main

if __name__ == "__main__":
    if sys.argv[1:] != ["doctor"]:
        print("scalelab: there is one command: python -m scalelab doctor", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
