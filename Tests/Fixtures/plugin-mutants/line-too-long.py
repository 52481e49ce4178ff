#!/usr/bin/env python3
# breaks stdout.line: a line of more than 4194304 bytes
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        return True, "x" * 4200000


if __name__ == "__main__":
    sys.exit(Mutant().main())
