#!/usr/bin/env python3
# breaks recommend.only: a bucket
import sys

from good_recommender import Recommender, json


class Mutant(Recommender):
    manifest = json.loads(json.dumps(Recommender.manifest))

    def recommend(self, params, size):
        self.manifest["recommender"]["types"].append("bucket")
        return super().recommend(params, size)


if __name__ == "__main__":
    sys.exit(Mutant().main())
