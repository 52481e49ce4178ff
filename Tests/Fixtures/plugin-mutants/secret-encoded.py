#!/usr/bin/env python3
# breaks secrets.hidden: the secret `token` stands in its log
import base64
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        self.log("Authorization: Basic " + base64.b64encode(self.secrets["token"].encode()).decode())
        return super().check()


if __name__ == "__main__":
    sys.exit(Mutant().main())
