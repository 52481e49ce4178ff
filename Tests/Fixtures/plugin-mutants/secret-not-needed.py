#!/usr/bin/env python3
# breaks configure.secrets: without the secret `token` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def do_configure(self, params):
        return super().do_configure(dict(params, secrets={"token": "none"}))


if __name__ == "__main__":
    sys.exit(Mutant().main())
