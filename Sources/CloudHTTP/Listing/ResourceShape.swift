public import PlimsollCore

/// How a resource is read out of an element of a listing: paths of its columns, so that all names of a provider's
/// documents stand in one place and can be held against its own description of them.
public struct ResourceShape: Sendable {
    /// Where tags are.
    public enum Tags: Sendable, Hashable {
        /// The listing has none.
        case none
        /// A list of elements with a key and a value.
        case pairs(String, key: String, value: String)
        /// An object whose members they are.
        case members(String)
    }

    /// A relation, and where the other ends are; a path goes through lists.
    public struct Relation: Sendable, Hashable {
        /// `attached-to`, …
        public var kind: String
        /// Path of the ids.
        public var path: String

        /// A relation.
        public init(_ kind: String, _ path: String) { (self.kind, self.path) = (kind, path) }
    }

    /// `instance`, `volume`, … or `provider:own-type`.
    public var type: String
    /// Path of the id.
    public var id: String
    /// Path of the name; empty = none.
    public var name = ""
    /// Path of the SKU; of an address, its last part counts.
    public var sku = ""
    /// Path of the state.
    public var state = ""
    /// Path of the zone; of an address, its last part counts.
    public var zone = ""
    /// Path of the time of creation.
    public var created = ""
    /// Where tags are.
    public var tags = Tags.none
    /// Attributes: `Name`, or `Name=path`. A path may go through lists: its values come with commas between them.
    public var attributes: [String] = []
    /// Relations.
    public var links: [Relation] = []

    /// A shape.
    public init(
        _ type: String, id: String, name: String = "", sku: String = "", state: String = "", zone: String = "",
        created: String = "", tags: Tags = .none, attributes: [String] = [], links: [Relation] = []
    ) {
        self.type = type
        self.id = id
        self.name = name
        self.sku = sku
        self.state = state
        self.zone = zone
        self.created = created
        self.tags = tags
        self.attributes = attributes
        self.links = links
    }

    /// Every path that is read.
    public var paths: [String] {
        var paths = [id, name, sku, state, zone, created].filter { !$0.isEmpty }
        switch tags {
        case .none: break
        case .pairs(let path, let key, let value): paths += [path, "\(path).\(key)", "\(path).\(value)"]
        case .members(let path): paths.append(path)
        }
        paths += attributes.compactMap { $0.split(separator: "=", maxSplits: 1).last.map(String.init) }
        return paths + links.map(\.path)
    }

    /// The resource that an element is.
    public func resource(_ item: CloudItem, provider: String) -> Resource {
        func last(_ path: String) -> String {
            path.isEmpty ? "" : item[path].split(separator: "/").last.map(String.init) ?? ""
        }
        var result = Resource(provider: provider, type: type, id: item[id])
        result.name = name.isEmpty ? "" : item[name]
        result.sku = last(sku)
        result.state = state.isEmpty ? "" : item[state]
        result.zone = last(zone)
        result.created = created.isEmpty ? "" : item.time(created)
        switch tags {
        case .none: break
        case .pairs(let path, let key, let value): result.tags = item.pairs(path, key: key, value: value)
        case .members(let path): result.tags = item.members(path)
        }
        result.attributes = item.fields(attributes)
        for specification in attributes {
            let parts = specification.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first, let path = parts.last, result.attributes[name] == nil else { continue }
            let all = item.texts(along: path)
            if !all.isEmpty { result.attributes[name] = all.joined(separator: ",") }
        }
        for link in links { result.link(link.kind, item.texts(along: link.path)) }
        return result
    }
}
