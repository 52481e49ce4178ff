#!/usr/bin/env python3
# breaks credit.zero: without credit
import sys

from good_provider import Provider


class Mutant(Provider):
    def stream(self, id, method, params):
        return super().stream(id, method, dict(params, credit=params["credit"] or 1))


if __name__ == "__main__":
    sys.exit(Mutant().main())
