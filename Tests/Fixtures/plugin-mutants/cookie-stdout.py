#!/usr/bin/env python3
# breaks start.cookie: to standard output
import sys

from good_provider import Provider


class Mutant(Provider):
    def log(self, text):
        print(text)


if __name__ == "__main__":
    sys.exit(Mutant().main())
