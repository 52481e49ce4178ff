#!/usr/bin/env python3
# breaks recommend.empty: refused
import sys

from good_recommender import Recommender, Refusal, os


class Mutant(Recommender):
    def recommend(self, params, size):
        if os.path.getsize(params["resources"]) == 0:
            raise Refusal("data", "there are no resources")
        return super().recommend(params, size)


if __name__ == "__main__":
    sys.exit(Mutant().main())
