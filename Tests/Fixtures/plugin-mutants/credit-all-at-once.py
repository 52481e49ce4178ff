#!/usr/bin/env python3
# breaks credit.respected: without credit
import sys

from good_provider import Provider


class Mutant(Provider):
    def listen(self, id):
        super().listen(id)
        self.credit = self.credit and 1000


if __name__ == "__main__":
    sys.exit(Mutant().main())
