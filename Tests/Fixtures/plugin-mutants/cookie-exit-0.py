#!/usr/bin/env python3
# breaks start.cookie: exits with code 0
import sys

from good_provider import Provider


class Mutant(Provider):
    def main(self):
        return super().main() and 0


if __name__ == "__main__":
    sys.exit(Mutant().main())
