#!/usr/bin/env python3
# breaks read.rows: `resources[0].created` is `2026-01-31 00:00:00`
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "resources":
                row["created"] = "2026-01-31 00:00:00"
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
