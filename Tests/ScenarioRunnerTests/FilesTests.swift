import Foundation
import PlimsollCore
import ScenarioRunner
import Testing

@Suite("Files in and out", .serialized)
final class FilesTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "plimsoll-files-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var names: [String] { ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted() }

    private func failure(_ body: () throws(Failure) -> Void) -> Failure? {
        do throws(Failure) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("bytes written come back, large ones too", arguments: [0, 1, 65_535, 65_536, 3_000_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try OutputFiles.write(bytes, to: folder + "/a")
        #expect(try InputFiles.read(folder + "/a") == bytes)
        #expect(names == ["a"])
    }

    @Test("a missing file and a directory are exit 66, with path and remedy")
    func noInput() throws {
        for path in [folder + "/none", folder] {
            let failure = try #require(failure { () throws(Failure) in _ = try InputFiles.read(path) })
            #expect(failure.exitCode == .noInput)
            #expect(failure.description.contains(path))
            #expect(failure.diagnostics.first?.hint != nil)
        }
    }

    @Test("a link is kept and its target replaced")
    func link() throws {
        try OutputFiles.write([1], to: folder + "/real")
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
        try OutputFiles.write([2], to: folder + "/link")
        #expect(try InputFiles.read(folder + "/real") == [2])
        #expect(names == ["link", "real"])
    }

    @Test("a set of files goes into a directory that is made, below it too")
    func set() throws {
        let files = [OutputFile("plan.json", text: "{}"), OutputFile("inputs/usage.csv", text: "hour\n")]
        try OutputFiles.write(files, into: folder + "/out/deep")
        try OutputFiles.write(files, into: folder + "/out/deep")
        #expect(names == ["out", "out/deep", "out/deep/inputs", "out/deep/inputs/usage.csv", "out/deep/plan.json"])
    }

    @Test("where one file of a set cannot be written, none is and nothing new remains")
    func setFails() throws {
        try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
        let files = [OutputFile("a", [1]), OutputFile("b", [2])]
        let found = try #require(failure { () throws(Failure) in try OutputFiles.write(files, into: folder) })
        #expect(found.exitCode == .cannotWrite)
        #expect(names == ["b"])
    }

    @Test("a file in the way of a directory is exit 73")
    func fileInTheWay() throws {
        try OutputFiles.write([1], to: folder + "/f")
        let found = try #require(failure { () throws(Failure) in try OutputFiles.write([], into: folder + "/f/x") })
        #expect(found.exitCode == .cannotWrite)
        #expect(names == ["f"])
    }

    @Test("a write that fails half-way leaves the old file alone and nothing beside it")
    func limit() throws {
        try OutputFiles.write([1], to: folder + "/a")
        var before = rlimit()
        // glibc takes the resource as an enum.
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
            let resource = RLIMIT_FSIZE
        #endif
        getrlimit(resource, &before)
        signal(SIGXFSZ, SIG_IGN)
        var low = rlimit(rlim_cur: 8 << 20, rlim_max: before.rlim_max)
        setrlimit(resource, &low)
        defer { setrlimit(resource, &before) }
        let large = [UInt8](repeating: 7, count: 9 << 20)
        let one = failure { () throws(Failure) in try OutputFiles.write(large, to: folder + "/a") }
        let many = failure { () throws(Failure) in
            try OutputFiles.write([OutputFile("x", [1]), OutputFile("y", large)], into: folder + "/new")
        }
        for found in [one, many] {
            #expect(found?.exitCode == .cannotWrite)
            #expect(found?.diagnostics.first?.hint?.contains("ulimit") == true)
        }
        #expect(names == ["a"])
        #expect(try InputFiles.read(folder + "/a") == [1])
    }
}
