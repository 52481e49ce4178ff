#!/usr/bin/env python3
# breaks recommend.every: several verdicts
import sys

from good_recommender import Recommender


class Mutant(Recommender):
    def recommend(self, params, size):
        for batch, state in super().recommend(params, size):
            batch["verdicts"] *= 2
            yield batch, state


if __name__ == "__main__":
    sys.exit(Mutant().main())
