import Foundation
import PlimsollTesting
import Testing

@Suite("Snapshots")
struct SnapshotTests {
    @Test("a text equals its file, differs, or is recorded; recording is not passing")
    func compare() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "plimsoll-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "deep/a.txt")
        guard case .differs = Snapshot.compare("a\nb\n", with: file, environment: [:]) else {
            Issue.record("a missing file must differ")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: directory.path))
        #expect(Snapshot.compare("a\nb\n", with: file, environment: ["PLIMSOLL_RECORD": "1"]) == .recorded(file.path))
        #expect(Snapshot.compare("a\nb\n", with: file, environment: [:]) == .same)
        #expect(Snapshot.compare("a\nc\n", with: file, environment: [:]).description.contains("line 2 was `b`, is `c`"))
    }
}
