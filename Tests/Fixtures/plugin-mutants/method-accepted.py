#!/usr/bin/env python3
# breaks message.unknown-method: `kit/nothing` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def methods(self):
        return super().methods() + ["kit/nothing"]

    def __getattr__(self, name):
        return lambda params: {}


if __name__ == "__main__":
    sys.exit(Mutant().main())
