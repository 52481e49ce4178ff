#!/usr/bin/env python3
# breaks check.result: `result.usable` is `"yes"`
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        return "yes", "fine"


if __name__ == "__main__":
    sys.exit(Mutant().main())
