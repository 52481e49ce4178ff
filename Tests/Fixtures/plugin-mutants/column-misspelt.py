#!/usr/bin/env python3
# breaks read.rows: `curency` is not a column
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "prices":
                row["curency"] = row.pop("currency")
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
