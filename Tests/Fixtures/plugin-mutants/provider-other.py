#!/usr/bin/env python3
# breaks read.provider: provider `other`
import sys

from good_provider import Provider


class Mutant(Provider):
    def rows(self, stream):
        for kind, row in super().rows(stream):
            row["provider"] = "other"
            yield kind, row


if __name__ == "__main__":
    sys.exit(Mutant().main())
