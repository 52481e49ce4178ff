#!/usr/bin/env python3
# breaks stdin.end: after the end of its standard input
import time
import sys

from good_provider import Provider


class Mutant(Provider):
    def line(self):
        line = super().line()
        while line is None:
            time.sleep(1)
        return line


if __name__ == "__main__":
    sys.exit(Mutant().main())
