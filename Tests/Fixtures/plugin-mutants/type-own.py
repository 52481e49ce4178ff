#!/usr/bin/env python3
# breaks read.rows: `resources[0].type` is `server`
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            if kind == "resources":
                row["type"] = "server"
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
