#!/usr/bin/env python3
# breaks read.rows: `rows.servers` is no kind of rows
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            kind = {"resources": "servers"}.get(kind, kind)
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
