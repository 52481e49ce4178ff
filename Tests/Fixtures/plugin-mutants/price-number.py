#!/usr/bin/env python3
# breaks read.rows: `prices[0].price` is `0.0052`, not of type string
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "prices":
                row["price"] = 0.0052
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
