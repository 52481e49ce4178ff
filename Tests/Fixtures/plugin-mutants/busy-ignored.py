#!/usr/bin/env python3
# breaks read.busy: was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def fail(self, id, code, text):
        if code == -32004:
            return self.send({"id": id, "result": {"usable": True, "detail": ""}})
        super().fail(id, code, text)


if __name__ == "__main__":
    sys.exit(Mutant().main())
