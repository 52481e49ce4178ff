#!/usr/bin/env python3
# breaks message.unknown-member: not answered as if
import sys

from good_provider import Provider


class Mutant(Provider):
    def handle(self, message):
        if set(message) - {"jsonrpc", "id", "method", "params"}:
            return self.fail(message["id"], -32602, "unknown members")
        super().handle(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
