#!/usr/bin/env python3
# breaks recommend.every: there is no verdict for `address-6`
import sys

from good_recommender import Recommender


class Mutant(Recommender):
    def recommend(self, params, size):
        for batch, state in super().recommend(params, size):
            yield {"verdicts": [verdict for verdict in batch["verdicts"] if verdict["subject"] != "address-6"]}, state


if __name__ == "__main__":
    sys.exit(Mutant().main())
