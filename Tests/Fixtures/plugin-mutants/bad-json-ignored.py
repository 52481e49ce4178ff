#!/usr/bin/env python3
# breaks message.bad-json: no answer within
import sys

from good_provider import Provider


class Mutant(Provider):
    def fail(self, id, code, text):
        if code != -32700:
            super().fail(id, code, text)


if __name__ == "__main__":
    sys.exit(Mutant().main())
