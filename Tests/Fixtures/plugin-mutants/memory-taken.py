#!/usr/bin/env python3
# breaks process.memory: MiB of memory
import time
import sys

from good_provider import Provider, os


class Mutant(Provider):
    def check(self):
        self.hoard = bytearray(os.urandom(1024) * 400 * 1024)
        time.sleep(600)


if __name__ == "__main__":
    sys.exit(Mutant().main())
