#!/usr/bin/env python3
# breaks initialize.order: `check` before `initialize` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def handle(self, message):
        if message["method"] == "check":
            return self.send({"id": message["id"], "result": {"usable": True, "detail": "always"}})
        super().handle(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
