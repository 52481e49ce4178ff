#!/usr/bin/env python3
# breaks secrets.hidden: the secret `token` stands in its log
import sys

from good_provider import Provider


class Mutant(Provider):
    def do_configure(self, params):
        self.log("configured with %r" % params)
        return super().do_configure(params)


if __name__ == "__main__":
    sys.exit(Mutant().main())
