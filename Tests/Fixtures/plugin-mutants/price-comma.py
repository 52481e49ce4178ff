#!/usr/bin/env python3
# breaks read.rows: `0,0052` is not a decimal number
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "prices":
                row["price"] = "0,0052"
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
