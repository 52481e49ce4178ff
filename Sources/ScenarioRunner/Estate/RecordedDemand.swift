internal import Foundation
internal import PlimsollCore

/// Reads recorded demand (USAGE_HOUR, REGION_NUM, INSTANCE_TYPE, NORM_USAGE): numbers for regions and
/// letters for machine types, which the scenario maps to regions and SKUs.
struct RecordedDemand {
    let spec: DemandSpec
    let file: String

    private static let columns = ["USAGE_HOUR", "REGION_NUM", "INSTANCE_TYPE", "NORM_USAGE"]

    /// The usage of the spec's span; regions and types without a name are left out.
    func usage(_ bytes: [UInt8]) throws(Failure) -> [UsageLine] {
        var series: [String: [Int64]] = [:]
        let count = spec.from.distance(to: spec.to)
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            number += 1
            let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            if number == 1 {
                try checkHeader(line)
                continue
            }
            guard let row = row(cells) else { throw badRow(number) }
            guard row.hour >= spec.from, row.hour < spec.to else { continue }
            guard spec.regions[row.region] != nil, spec.types[row.type] != nil else { continue }
            let name = row.region + "," + row.type
            let offset = spec.from.distance(to: row.hour)
            series[name, default: [Int64](repeating: 0, count: count)][offset] += row.quantity
        }
        return lines(series)
    }

    private func lines(_ series: [String: [Int64]]) -> [UsageLine] {
        var sums: [UsageKey: [Int64]] = [:]
        for (name, values) in series {
            let parts = name.split(separator: ",").map(String.init)
            guard let region = spec.regions[parts[0]], let sku = spec.types[parts[1]] else { continue }
            let key = UsageKey(
                provider: spec.provider, billingAccount: spec.billingAccount, account: spec.account, region: region,
                service: "compute", sku: sku, os: spec.os, tenancy: spec.tenancy, unit: "Hrs")
            sums[key] = sums[key].map { zip($0, values).map(+) } ?? values
        }
        return sums.keys.sorted().enumerated().map { order, key in
            let values = sums[key] ?? []
            return UsageLine(
                key: key, series: HourSeries(start: spec.from, scale: 0, values: values), order: order)
        }
    }

    private func row(_ cells: [ArraySlice<UInt8>]) -> (hour: Hour, region: String, type: String, quantity: Int64)? {
        guard cells.count == 4, let last = cells.last else { return nil }
        let time = String(decoding: cells[0], as: UTF8.self)
        guard let hour = Hour(time.hasSuffix("Z") ? time : time + "Z") else { return nil }
        let digits = last.last == UInt8(ascii: "\r") ? last.dropLast() : last
        guard let quantity = Int64(String(decoding: digits, as: UTF8.self)), quantity >= 0 else { return nil }
        guard quantity < 1_000_000_000 else { return nil }
        return (hour, String(decoding: cells[1], as: UTF8.self), String(decoding: cells[2], as: UTF8.self), quantity)
    }

    private func checkHeader(_ line: ArraySlice<UInt8>) throws(Failure) {
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard text != Self.columns.joined(separator: ",") else { return }
        throw Failure(
            .badInput, "demand.missing-column", "the header is not `\(Self.columns.joined(separator: ","))`",
            at: .init(file: file, line: 1, column: 1), hint: "give the recorded demand this scenario was written for")
    }

    private func badRow(_ number: Int) -> Failure {
        Failure(
            .badInput, "demand.bad-row", "the row is not hour, region, type and a count",
            at: .init(file: file, line: number, column: 1),
            hint: "a row looks like `2021-02-01 00:00:00.000,2,A,172`")
    }
}

/// Unpacks gzip through the system's `gzip`.
enum Gunzip {
    static func read(_ path: String, as name: String) throws(Failure) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let data: Data
        do {
            try process.run()
            data = try output.fileHandleForReading.readToEnd() ?? Data()
        } catch {
            throw Failure(
                .missingTool, "demand.no-gzip", "`gzip` cannot be run", at: .init(file: name), hint: "install gzip")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let missing = process.terminationStatus == 127
            throw Failure(
                missing ? .missingTool : .badInput, missing ? "demand.no-gzip" : "demand.bad-gzip",
                missing ? "`gzip` was not found" : "the file is not whole gzip data", at: .init(file: name),
                hint: missing ? "install gzip" : "fetch the file again")
        }
        return [UInt8](data)
    }
}

/// Finds files that lie in the folder `shared` beside or above a scenario.
enum SharedData {
    static let demand = "data/demand/vm_demand_hourly.csv.gz"

    /// The path of `name` in `$PLIMSOLL_SHARED`, or in the first `shared` above `folder` that has it.
    static func find(_ name: String, above folder: String, environment: [String: String]) -> String? {
        if let root = environment["PLIMSOLL_SHARED"], !root.isEmpty {
            let path = root + "/" + name
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        var url = URL(fileURLWithPath: folder.isEmpty ? "." : folder).standardizedFileURL
        while true {
            let path = url.appendingPathComponent("shared/" + name).path
            if FileManager.default.fileExists(atPath: path) { return path }
            let parent = url.deletingLastPathComponent()
            if parent.path == url.path { return nil }
            url = parent
        }
    }
}
