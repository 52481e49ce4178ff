#!/usr/bin/env python3
# breaks read.unknown-stream: was not refused
import sys

from good_provider import Provider, Refusal


class Mutant(Provider):
    def rows(self, stream):
        try:
            yield from super().rows(stream)
        except Refusal:
            return


if __name__ == "__main__":
    sys.exit(Mutant().main())
