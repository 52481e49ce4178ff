import Foundation

/// The rooms and their declared edges, as SwiftPM reads them from the manifest.
struct Manifest: Decodable {
    struct Target: Decodable {
        var name: String
        var type: String
        /// Where its sources are, if not in the usual folder.
        var path: String?
        var dependencies: [Dependency]

        var rooms: Set<String> { Set(dependencies.compactMap(\.room)) }
        var products: Set<String> { Set(dependencies.compactMap(\.product)) }
    }

    /// `{"target": [name, …]}`, `{"byName": [name, …]}` or `{"product": [name, package, …]}`.
    struct Dependency: Decodable {
        var room: String?
        var product: String?

        private enum Key: String, CodingKey {
            case target
            case byName
            case product
        }

        private struct First: Decodable {
            var value: String

            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                value = try list.decode(String.self)
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            room =
                try container.decodeIfPresent(First.self, forKey: .target)?.value
                ?? container.decodeIfPresent(First.self, forKey: .byName)?.value
            product = try container.decodeIfPresent(First.self, forKey: .product)?.value
        }
    }

    var targets: [Target]

    /// The manifest, read once for all tests.
    static let shared = Result { try load() }

    /// Asks SwiftPM. It gets a scratch folder of its own, because it would wait
    /// for ever for the one that the test run holds.
    private static func load() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "plimsoll-manifest-\(UUID())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let data = try Checkout.output(
            of: "swift", ["package", "--scratch-path", scratch.path, "dump-package"])
        return try JSONDecoder().decode(Manifest.self, from: data)
    }
}
