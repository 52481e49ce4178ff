#!/usr/bin/env python3
# breaks start.cookie: says nothing on standard error
import sys

from good_provider import Provider


class Mutant(Provider):
    def log(self, text):
        pass


if __name__ == "__main__":
    sys.exit(Mutant().main())
