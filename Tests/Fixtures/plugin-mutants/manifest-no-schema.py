#!/usr/bin/env python3
# breaks initialize.result: `result.settings_schema` is missing
import sys

from good_provider import Provider


class Mutant(Provider):
    manifest = {key: value for key, value in Provider.manifest.items() if key != "settings_schema"}


if __name__ == "__main__":
    sys.exit(Mutant().main())
