#!/usr/bin/env python3
# breaks process.time: the answer to `check` was waited for
import time
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        time.sleep(600)


if __name__ == "__main__":
    sys.exit(Mutant().main())
