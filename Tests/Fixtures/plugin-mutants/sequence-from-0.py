#!/usr/bin/env python3
# breaks read.sequence: batch 1 has `seq` 0
import sys

from good_provider import Provider


class Mutant(Provider):
    def send(self, message):
        if message.get("method") == "batch":
            message["params"]["seq"] -= 1
        super().send(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
