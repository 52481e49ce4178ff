#!/usr/bin/env python3
"""A recommender for Plimsoll. Needs nothing but Python 3."""
#PROTOCOL#

class Recommender(Plugin):
    manifest = {
        "name": "#NAME#",
        "version": "0.1.0",
        "kind": "recommender",
        "capabilities": ["verdicts"],
        "recommender": {
            "id": "#NAME#",
            "title": "#NAME#: addresses that belong to nothing",
            "types": ["address"],
            "requires": ["resources"],
        },
        "settings_schema": {
            "type": "object",
            "properties": {"keep_tag": {"type": "string", "description": "a tag whose owner wants it kept"}},
            "additionalProperties": False,
        },
    }

    def check(self):
        return True, "needs nothing"

    def verdict(self, resource):
        """Outcome (recommend, keep or not-evaluated), text, remedy."""
        if self.settings.get("keep_tag") in resource.get("tags", {}):
            return "keep", "it has the tag " + self.settings["keep_tag"], ""
        if resource.get("links"):
            return "keep", "it belongs to " + resource["links"][0]["id"], ""
        return "recommend", "it belongs to nothing", ""

    def recommend(self, params, size):
        """Batches of at most `size` verdicts: one for every resource of our types."""
        batch = []
        with open(params["resources"], encoding="utf-8") as file:
            for line in file:
                resource = json.loads(line)
                if resource["type"] not in self.manifest["recommender"]["types"]:
                    continue
                outcome, text, remedy = self.verdict(resource)
                batch.append({"subject": resource["id"], "outcome": outcome, "text": text, "remedy": remedy})
                if len(batch) == size:
                    yield {"verdicts": batch}, None
                    batch = []
        if batch:
            yield {"verdicts": batch}, None


if __name__ == "__main__":
    sys.exit(Recommender().main())
