import Foundation
import PlimsollCore
import Testing

/// A discovery document of Google's, as its Python client ships it: what methods there are, and every field's type.
struct DiscoveryDocument {
    private let root: JSONValue

    static let folder: String? = {
        let base = MotoEstate.root + "/.tools/python/lib"
        let pythons = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return pythons.map { "\(base)/\($0)/site-packages/googleapiclient/discovery_cache/documents" }.first {
            FileManager.default.fileExists(atPath: $0)
        }
    }()
    static let missing: Comment = "google-api-python-client is absent: scripts/test-peers installs it"

    init(_ name: String) throws {
        let folder = try #require(Self.folder)
        let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name).json"))
        root = try #require(JSONValue(parsing: Array(data)))
    }

    /// Finds a method by its id.
    func method(_ id: String) -> JSONValue? { Self.method(id, in: root) }

    private static func method(_ id: String, in node: JSONValue) -> JSONValue? {
        if case .object(let methods)? = node["methods"],
            let found = methods.values.first(where: { $0["id"]?.string == id })
        {
            return found
        }
        guard case .object(let resources)? = node["resources"] else { return nil }
        return resources.values.lazy.compactMap { Self.method(id, in: $0) }.first
    }

    /// Path of a method on its host, placeholders as `{}`.
    func path(_ method: JSONValue) -> String {
        let own = method["flatPath"]?.string ?? method["path"]?.string ?? ""
        let text = "/" + (root["servicePath"]?.string ?? "") + own
        return text.replacing(/\{[^}]*\}/, with: "{}")
    }

    func parameters(_ method: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for place in [method["parameters"], root["parameters"]] {
            if case .object(let members)? = place { names.formUnion(members.keys) }
        }
        return names
    }

    /// The schema of the answer.
    func answer(_ method: JSONValue) -> JSONValue? { method["response"].flatMap(resolved) }

    private func resolved(_ schema: JSONValue) -> JSONValue {
        guard let name = schema["$ref"]?.string, let found = root["schemas"]?[name] else { return schema }
        return found
    }

    /// The schema at a path; lists are gone through, and so are objects whose members have any names.
    func schema(_ path: String, of start: JSONValue) -> JSONValue? {
        var schema = element(start)
        for name in path.split(separator: ".") {
            guard let next = schema["properties"]?[String(name)] ?? (name == "*" ? schema["additionalProperties"] : nil)
            else { return nil }
            schema = element(next)
        }
        return schema
    }

    /// What a list has, or the schema itself.
    private func element(_ schema: JSONValue) -> JSONValue {
        let schema = resolved(schema)
        guard schema["type"]?.string == "array", let items = schema["items"] else { return schema }
        return element(items)
    }

    /// Whether a schema is a text, a number or a truth value.
    static func isScalar(_ schema: JSONValue) -> Bool {
        ["string", "integer", "number", "boolean"].contains(schema["type"]?.string ?? "")
    }

    /// Whether a schema is an object of texts with any names.
    static func isMap(_ schema: JSONValue) -> Bool {
        schema["additionalProperties"].map(isScalar) ?? false
    }
}
