public import PlimsollCore

/// A part of a provider's answer, JSON or XML, read by the names of its API's reference.
///
/// A path goes down by dots: `Placement.AvailabilityZone`. What is missing reads as empty; whoever needs to know
/// asks ``has(_:)``.
public struct CloudItem: Sendable, Hashable {
    /// The part as it came; XML as objects of its elements.
    public var json: JSONValue

    /// A part.
    public init(_ json: JSONValue) { self.json = json }

    /// The document of a response in JSON; an empty body is an empty object. Throws `data` where it is none.
    public init(json response: CloudResponse) throws(CloudFailure) {
        json = response.body.isEmpty ? .object([:]) : try response.json()
    }

    /// An element of XML.
    public init(xml node: XMLNode) { json = node.json }

    /// The root of a response in XML. Throws `data` where it is none.
    public init(xml response: CloudResponse) throws(CloudFailure) { json = try response.xml().json }

    /// The part at a path; null where there is none.
    public func item(_ path: String) -> CloudItem {
        var value = json
        for name in path.split(separator: ".") { value = value[String(name)] ?? .null }
        return CloudItem(value)
    }

    /// Text, number or truth value at a path, as text; empty where there is none.
    public subscript(path: String) -> String { item(path).text }

    /// The part as text; empty where it is none.
    public var text: String {
        switch json {
        case .string(let text): text
        case .int(let value): String(value)
        case .double(let value): Self.decimal(value)
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: ""
        }
    }

    /// Whole numbers lose their `.0`.
    private static func decimal(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    /// Whether something is at a path.
    public func has(_ path: String) -> Bool { item(path).json != .null }

    /// The elements at a path. In XML they may be wrapped in an element of their own or repeat as they are.
    public func list(_ path: String) -> [CloudItem] {
        let value = item(path).json
        switch value {
        case .array(let elements): return elements.map(CloudItem.init)
        case .object(let members):
            guard members.count == 1, let inner = members.values.first else { return [CloudItem(value)] }
            if case .array(let elements) = inner { return elements.map(CloudItem.init) }
            return [CloudItem(inner)]
        default: return []
        }
    }

    /// Texts at a path.
    public func texts(_ path: String) -> [String] { list(path).map(\.text) }

    /// Texts at a path that goes through every list on its way; those that are empty are left out.
    public func texts(along path: String) -> [String] {
        var values = [json]
        for name in path.split(separator: ".") {
            values = values.flatMap { value -> [JSONValue] in
                guard let member = value[String(name)] else { return [] }
                if case .array(let elements) = member { return elements }
                return [member]
            }
        }
        return values.map { CloudItem($0).text }.filter { !$0.isEmpty }
    }

    /// Key and value of every element at a path, as tags come.
    public func pairs(_ path: String, key: String = "Key", value: String = "Value") -> [String: String] {
        Dictionary(list(path).map { ($0[key], $0[value]) }) { $1 }
    }

    /// Members of the object at a path that are texts, numbers or truth values.
    public func members(_ path: String) -> [String: String] {
        guard case .object(let members) = item(path).json else { return [:] }
        return members.mapValues { CloudItem($0).text }
    }

    /// Those of the fields that are there: `Name` is read at the path of that name, `Name=path` elsewhere.
    public func fields(_ specifications: [String]) -> [String: String] {
        var fields: [String: String] = [:]
        for specification in specifications {
            let parts = specification.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first, let path = parts.last else { continue }
            let text = self[path]
            if !text.isEmpty { fields[name] = text }
        }
        return fields
    }

    /// The time at a path as `2026-01-01T00:00:00Z`, from ISO 8601 or seconds since 1970; as it stands where it is
    /// neither.
    public func time(_ path: String) -> String {
        let text = self[path]
        if let instant = Instant(fractional: text) { return instant.description }
        guard let seconds = Double(text), seconds >= 0, seconds < 1e12 else { return text }
        return Instant(secondsSince1970: seconds).description
    }
}

extension XMLNode {
    /// Elements as objects; those that repeat as arrays, those without elements as texts.
    var json: JSONValue {
        guard !children.isEmpty else { return .string(text) }
        var members: [String: JSONValue] = [:]
        var lists: [String: [JSONValue]] = [:]
        for child in children {
            if let first = members.updateValue(child.json, forKey: child.name) {
                lists[child.name, default: [first]].append(child.json)
            }
        }
        for (name, elements) in lists { members[name] = .array(elements) }
        return .object(members)
    }
}

extension CloudFailure {
    /// The failure as whoever collects sees it.
    public var provider: ProviderFailure {
        ProviderFailure(code: kind.rawValue, message: diagnostic.message, hint: hint, call: call)
    }
}
