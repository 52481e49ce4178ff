#!/usr/bin/env python3
# breaks message.oversize: was not answered with an error
import sys

from good_provider import Provider


class Mutant(Provider):
    def line(self):
        line = super().line()
        return line if line is None or len(line) < 4000000 else b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


if __name__ == "__main__":
    sys.exit(Mutant().main())
