#!/usr/bin/env python3
# breaks credit.respected: without credit
import sys

from good_provider import Provider


class Mutant(Provider):
    def stream(self, id, method, params):
        return super().stream(id, method, dict(params, credit=params["credit"] + (params["credit"] > 0)))


if __name__ == "__main__":
    sys.exit(Mutant().main())
