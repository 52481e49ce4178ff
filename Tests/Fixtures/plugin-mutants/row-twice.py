#!/usr/bin/env python3
# breaks read.duplicates: `server-1` twice
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        rows = list(super().rows(stream))
        return rows + rows[:1]


if __name__ == "__main__":
    sys.exit(Mutant().main())
