#!/usr/bin/env python3
# breaks read.rows: `verdicts[0].outcome` is `"delete"`
import sys

from good_recommender import Recommender


class Mutant(Recommender):
    def recommend(self, params, size):
        for batch, state in super().recommend(params, size):
            batch["verdicts"][0]["outcome"] = "delete"
            yield batch, state


if __name__ == "__main__":
    sys.exit(Mutant().main())
