#!/usr/bin/env python3
# breaks recommend.stable: row 1 should be
import sys

from good_recommender import Recommender, os


class Mutant(Recommender):
    def recommend(self, params, size):
        for batch, state in super().recommend(params, size):
            batch["verdicts"][0]["text"] = os.urandom(8).hex()
            yield batch, state


if __name__ == "__main__":
    sys.exit(Mutant().main())
