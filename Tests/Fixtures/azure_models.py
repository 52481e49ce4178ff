"""Prints, as one line of JSON, the names on the wire of models of the vendor's own SDKs, asked for as PACKAGE:CLASS on
a line of standard input. A field of an element of a list has the path of the list. The sources are read, not run: their
dependencies are not needed. With --from FOLDER the packages are looked for there."""
import ast
import json
import os
import sys

WHERE = [sys.argv[sys.argv.index("--from") + 1]] if "--from" in sys.argv else sys.path


def models(package):
    """Classes of a package, by name."""
    for place in WHERE:
        folder = os.path.join(place, *package.split("."), "models")
        for name in ("_models_py3.py", "_models.py"):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                tree = ast.parse(open(path, encoding="utf-8").read())
                return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    raise SystemExit("%s is absent" % package)


def mentioned(node):
    """Names of models in an annotation or a type's name."""
    words = []
    for part in ast.walk(node):
        text = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None
        if isinstance(part, ast.Attribute):
            text = part.attr
        if text:
            words += text.replace("[", " ").replace("]", " ").replace("{", " ").replace("}", " ").replace('"', " ").replace(",", " ").split()
    return [word.split(".")[-1] for word in words]


def fields(classes, name, prefix="", depth=0, seen=()):
    """Paths of a model, those of its bases too."""
    node = classes.get(name)
    if node is None or depth > 6 or seen.count(name) > 1:
        return set()
    found = set()
    for base in node.bases:
        base_name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        found |= fields(classes, base_name, prefix, depth, seen)
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.value, ast.Call) and "rest_" in ast.dump(part.value.func):
            wire = next((word.value.value for word in part.value.keywords if word.arg == "name"), part.target.id)
            add(classes, found, prefix + wire, mentioned(part.annotation), depth, seen + (name,))
        if isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "_attribute_map":
            for value in part.value.values:
                said = {key.value: item.value for key, item in zip(value.keys, value.values)}
                wire = said["key"].replace("\\.", "")
                add(classes, found, prefix + wire, mentioned(ast.Constant(said["type"])), depth, seen + (name,))
    return found


def add(classes, found, path, names, depth, seen):
    found.add(path)
    # A flattened field lies deeper on the wire.
    parts = path.split(".")
    found.update(".".join(parts[:count]) for count in range(1, len(parts)))
    for name in names:
        if name in classes:
            found |= fields(classes, name, path + ".", depth + 1, seen)


def main():
    result = {}
    known = {}
    for name in sys.stdin.readline().split():
        package, model = name.split(":")
        if package not in known:
            known[package] = models(package)
        if model in known[package]:
            result[name] = sorted(fields(known[package], model))
    print(json.dumps(result), flush=True)


main()
