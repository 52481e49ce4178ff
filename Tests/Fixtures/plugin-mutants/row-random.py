#!/usr/bin/env python3
# breaks read.stable: row 1 should be
import sys

from good_provider import Provider, os


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "resources":
                row["name"] = os.urandom(8).hex()
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
