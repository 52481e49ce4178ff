#!/usr/bin/env python3
# breaks cancel.read: after a cancelled read
import sys

from good_provider import Provider, Cancelled


class Mutant(Provider):
    cut = False

    def listen(self, id):
        try:
            super().listen(id)
        except Cancelled:
            self.cut = True
            raise

    def rows(self, stream):
        return list(super().rows(stream))[: 1 if self.cut else 9]


if __name__ == "__main__":
    sys.exit(Mutant().main())
