#!/usr/bin/env python3
# breaks stdout.protocol: hosts do not know
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        self.send({"method": "log", "params": {"text": "checking"}})
        return super().check()


if __name__ == "__main__":
    sys.exit(Mutant().main())
