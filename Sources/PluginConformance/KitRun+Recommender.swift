internal import Foundation
internal import PlimsollCore
internal import PlimsollPlugin
internal import PlimsollTesting
internal import PluginHost

/// What recommenders have to keep.
extension KitRun {
    mutating func recommender(_ manifest: PluginManifest) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-kit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let estate = KitEstate.made(types: manifest.types, withMetrics: manifest.requires.contains("metrics"))
        var source = KitSource(name: "recommend", method: "recommend", params: [:])
        var found = KitRows()
        check("recommend.every") { run throws(PluginFault) in
            source.params = try estate.write(into: folder)
            found = try run.with { session throws(PluginFault) in try run.rows(session, manifest, source) }
        }
        guard !source.params.isEmpty else { return }
        for rule in ["recommend.only", "recommend.text"] { note(rule, .kept) }
        note(VerdictChecks.faults(found.verdicts, on: estate.resources, types: manifest.types))
        check("recommend.stable") { run throws(PluginFault) in
            let again = try run.with { session throws(PluginFault) in try run.rows(session, manifest, source) }
            guard let fault = CollectionChecks.stable("recommend", found.lines, again.lines) else { return }
            throw PluginFault("recommend.stable", fault.message)
        }
        check("recommend.empty") { run throws(PluginFault) in
            var none = source
            none.params = try PluginEstate(resources: [], metrics: nil).write(into: folder)
            let count = try run.with { session throws(PluginFault) in try run.rows(session, manifest, none).lines.count
            }
            guard count == 0 else {
                throw PluginFault("recommend.empty", "an estate without resources gets \(count) verdicts")
            }
        }
        // The files were written over.
        check("recommend.every") { run throws(PluginFault) in source.params = try estate.write(into: folder) }
        flow(manifest, source, count: found.lines.count)
    }
}

/// A made-up estate that has something for every recommender.
enum KitEstate {
    static func made(types: [String], withMetrics: Bool) -> PluginEstate {
        var resources: [Resource] = []
        var metrics: [MetricRow] = []
        let others = ["bucket", "user", "function"].filter { !types.contains($0) }
        for type in types + others {
            for number in 1...6 {
                var resource = Resource(provider: "kit", type: type, id: "\(type)-\(number)")
                resource.account = "shop"
                resource.region = "north"
                resource.name = "\(type) \(number) “ü”"
                resource.state = number % 2 == 0 ? "running" : "available"
                resource.created = "2025-0\(number)-01T00:00:00Z"
                resource.tags = number % 3 == 0 ? ["team": "", "keep": "yes"] : [:]
                resource.attributes = ["size": "\(number * 100)"]
                if number % 2 == 0 { resource.links = [.init(kind: "attached-to", id: "instance-\(number)")] }
                resources.append(resource)
                guard withMetrics, number < 5, let start = Instant("2026-01-01") else { continue }
                metrics += (0..<48).map { hour in
                    MetricRow(
                        time: Instant(hour: start.hour.advanced(by: hour)), provider: "kit", resource: resource.id,
                        metric: "cpu", statistic: "average", value: Double(number * hour % 90), unit: "percent")
                }
            }
        }
        return PluginEstate(resources: resources, metrics: withMetrics ? metrics : nil)
    }
}
