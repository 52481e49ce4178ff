#!/usr/bin/env python3
# breaks stdout.protocol: `answer.error.data.class` is `"oops"`
import sys

from good_provider import Provider


class Mutant(Provider):
    def send(self, message):
        if message.get("error", {}).get("data"):
            message["error"]["data"]["class"] = "oops"
        super().send(message)


if __name__ == "__main__":
    sys.exit(Mutant().main())
