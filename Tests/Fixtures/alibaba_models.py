"""Prints, as one line of JSON, what the vendor's own SDKs say of the calls named as PACKAGE:ACTION: version, method and
path, parameters of the request and fields of the response by their names on the wire. A field of an element of a list
has the path of the list, as `Instances.Instance.InstanceId`. The sources are read, not run: their dependencies are not
needed. With --from FOLDER the packages are looked for there."""
import ast
import json
import os
import sys

WHERE = [sys.argv[sys.argv.index("--from") + 1]] if "--from" in sys.argv else sys.path


def folder(package):
    for place in WHERE:
        path = os.path.join(place, package)
        if os.path.isdir(path):
            return path
    raise SystemExit("%s is absent" % package)


def classes(package):
    """Classes of a package's models, by name."""
    models = os.path.join(folder(package), "models")
    index = open(os.path.join(models, "__init__.py"), encoding="utf-8").read()
    places = {}
    for node in ast.parse(index).body:
        if isinstance(node, ast.ImportFrom):
            places.update({alias.name: node.module for alias in node.names})
    cache = {}

    def find(name):
        module = places.get(name)
        if module is None:
            return None
        if module not in cache:
            text = open(os.path.join(models, module + ".py"), encoding="utf-8").read()
            cache[module] = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
        return cache[module].get(name)

    return find


def method(node, name):
    return next((part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == name), None)


def fields(find, name, prefix="", depth=0):
    """Names on the wire of a model: what `from_map` takes out of the map."""
    node = find(name)
    if node is None or depth > 8:
        return []
    result = []
    for part in method(node, "from_map").body:
        if not isinstance(part, ast.If):
            continue
        key = next((each.args[0].value for each in ast.walk(part.test)
                    if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant)), None)
        if key is None:
            continue
        result.append(prefix + key)
        for each in ast.walk(part):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and find(each.func.attr):
                result += fields(find, each.func.attr, prefix + key + ".", depth + 1)
    return result


def calls(package):
    """What the client says of every action."""
    text = open(os.path.join(folder(package), "client.py"), encoding="utf-8").read()
    found = {}
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Params"):
            continue
        said = {}
        for word in node.keywords:
            value = word.value
            if isinstance(value, ast.JoinedStr) and len(value.values) == 1:
                value = value.values[0]
            if isinstance(value, ast.Constant):
                said[word.arg] = value.value
        if "action" in said:
            found[said["action"]] = said
    return found


def main():
    result = {}
    known = {}
    for name in sys.stdin.readline().split():
        package, action = name.split(":")
        if package not in known:
            known[package] = (classes(package), calls(package))
        find, said = known[package]
        if action not in said:
            continue
        result[name] = {
            "version": said[action]["version"], "style": said[action]["style"], "path": said[action].get("pathname", ""),
            "request": fields(find, action + "Request"), "response": fields(find, action + "ResponseBody"),
        }
    print(json.dumps(result), flush=True)


main()
