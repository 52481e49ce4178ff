#!/usr/bin/env python3
# breaks kill.resume: after SIGKILL
import sys

from good_provider import Provider


class Mutant(Provider):
    places = {}

    def read(self, params, size):
        known = self.places.get(params["state"], "0" if str(params["state"]).startswith("place ") else params["state"])
        for batch, state in super().read(dict(params, state=known), size):
            self.places["place " + state] = state
            yield batch, "place " + state


if __name__ == "__main__":
    sys.exit(Mutant().main())
