#!/usr/bin/env python3
# breaks errors.class: no `data.class`
import sys

from good_provider import Provider


class Mutant(Provider):
    def send(self, message):
        message.get("error", {}).pop("data", None)
        super().send(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
