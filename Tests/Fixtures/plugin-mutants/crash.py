#!/usr/bin/env python3
# breaks process.exit: exit code 3
import sys

from good_provider import Provider, os


class Mutant(Provider):
    def check(self):
        os._exit(3)


if __name__ == "__main__":
    sys.exit(Mutant().main())
