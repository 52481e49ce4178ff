#!/usr/bin/env python3
# breaks read.sequence: batch 2 has `seq` 1
import sys

from good_provider import Provider


class Mutant(Provider):
    def send(self, message):
        super().send(message)
        if message.get("method") == "batch":
            super().send(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
