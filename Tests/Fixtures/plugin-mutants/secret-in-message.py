#!/usr/bin/env python3
# breaks secrets.hidden: the secret `token` stands in standard output
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        return True, "the token %s is accepted" % self.secrets["token"]


if __name__ == "__main__":
    sys.exit(Mutant().main())
