#!/usr/bin/env python3
# breaks read.stable: rows, where 5 should come
import sys

from good_provider import Provider


class Mutant(Provider):
    seen = 0

    def rows(self, stream):
        self.seen += stream == "servers"
        return list(super().rows(stream))[: 5 if self.seen < 2 else 4]


if __name__ == "__main__":
    sys.exit(Mutant().main())
