#!/usr/bin/env python3
# breaks message.id: has id `"1"`, the request had `1`
import sys

from good_provider import Provider


class Mutant(Provider):
    def send(self, message):
        super().send(dict(message, id=str(message["id"])) if "id" in message else message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
