public import Foundation

/// Compares a text with a file kept in the repository.
///
/// With `PLIMSOLL_RECORD=1` in the environment the file is written instead, and the comparison still
/// fails: a recording run is never a passing one. Snapshots are not edited by hand.
public enum Snapshot {
    /// What a comparison found.
    public enum Outcome: Sendable, Hashable, CustomStringConvertible {
        /// The text is the file's.
        case same
        /// The file was written: look at the change and run again without `PLIMSOLL_RECORD`.
        case recorded(String)
        /// The text is not the file's; says where they part.
        case differs(String)

        /// For a test's message.
        public var description: String {
            switch self {
            case .same: "same"
            case .recorded(let path): "recorded \(path): look at it and run again without PLIMSOLL_RECORD"
            case .differs(let text): text
            }
        }
    }

    /// Environment variable that has snapshots recorded.
    public static let variable = "PLIMSOLL_RECORD"

    /// Compares `text` with the file, or records it.
    public static func compare(
        _ text: String, with file: URL, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Outcome {
        let kept = try? String(contentsOf: file, encoding: .utf8)
        if kept == text { return .same }
        if environment[variable] == "1" {
            do {
                let folder = file.deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try text.write(to: file, atomically: true, encoding: .utf8)
            } catch {
                return .differs("\(file.path) cannot be recorded: \(error)")
            }
            return .recorded(file.path)
        }
        guard let kept else { return .differs("\(file.path) is missing; record it with \(variable)=1") }
        return .differs("\(file.path): \(firstDifference(kept, text)); re-record with \(variable)=1")
    }

    private static func firstDifference(_ kept: String, _ text: String) -> String {
        let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        for index in 0..<max(old.count, new.count) {
            let (left, right) = (index < old.count ? old[index] : nil, index < new.count ? new[index] : nil)
            if left != right {
                return "line \(index + 1) was `\(left ?? "(nothing)")`, is `\(right ?? "(nothing)")`"
            }
        }
        return "they differ"
    }
}
