#!/usr/bin/env python3
# breaks message.bad-json: it ended
import sys

from good_provider import Provider


class Mutant(Provider):
    def fail(self, id, code, text):
        if code == -32700:
            sys.exit(1)
        super().fail(id, code, text)


if __name__ == "__main__":
    sys.exit(Mutant().main())
