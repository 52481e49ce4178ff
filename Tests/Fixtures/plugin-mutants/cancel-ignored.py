#!/usr/bin/env python3
# breaks cancel.read: after `cancel`
import sys

from good_provider import Provider, Cancelled


class Mutant(Provider):
    def listen(self, id):
        try:
            super().listen(id)
        except Cancelled:
            pass


if __name__ == "__main__":
    sys.exit(Mutant().main())
