#!/usr/bin/env python3
# breaks shutdown.exit: its exit code is 1
import sys

from good_provider import Provider


class Mutant(Provider):
    def main(self):
        return super().main() or 1


if __name__ == "__main__":
    sys.exit(Mutant().main())
