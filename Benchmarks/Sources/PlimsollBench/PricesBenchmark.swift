import AWSProvider
import Foundation
import Ledger
import PlimsollCore

/// Import of a full-size price list, beside the engine's own plain copy of the same file.
struct PricesBenchmark {
    /// Rows generated, about.
    let rows: Int

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        let list = folder.appending(path: "list.csv")
        let made = try write(list)
        let size = try FileManager.default.attributesOfItem(atPath: list.path)[.size] as? Int ?? 0
        print(
            "prices: \(made) generated rows of an EC2 price list, \(OfferRows.width) columns, \(size / 1_000_000) MB of CSV"
        )
        let book = folder.appending(path: "book.parquet").path
        var summary = PriceSummary()
        let ours = try Measuring.time {
            summary = try PriceImporter(duckdb, mappings: AWS.priceMappings).write(
                [list.path], format: nil, filter: PriceFilter(), to: book, catalog: nil
            ) { _ in }.draft.summary
        }
        let memory = (Measuring.memory(ofChildren: true), Measuring.memory(ofChildren: false))
        precondition(summary.rowsIn == made && summary.prices + summary.fees == made, "every row is a price or a fee")
        let plain = folder.appending(path: "plain.parquet").path
        let copy = try Measuring.time {
            try Measuring.run(
                duckdb,
                "SET threads=2; SET memory_limit='900MB'; SET preserve_insertion_order=false; COPY (SELECT * FROM "
                    + "read_csv('\(list.path)', skip=5, header=true, all_varchar=true)) TO '\(plain)' (FORMAT parquet, COMPRESSION zstd);"
            )
        }
        let bytes = try FileManager.default.attributesOfItem(atPath: book)[.size] as? Int ?? 0
        print(
            "  import                           \(text(ours)); \(summary.prices) prices, book of \(bytes / 1_000_000) MB"
        )
        print("  plain all-text copy to Parquet   \(text(copy)); import \(ratio(ours, copy)) x that")
        print(
            "  peak memory                      engine \(memory.0) MiB, program \(memory.1) MiB; asked for 1000: \(memory.0 + memory.1 < 1_000 ? "met" : "missed")"
        )
        try compare(book, duckdb)
    }

    /// The book against itself: every price is looked at.
    private func compare(_ book: String, _ duckdb: DuckDBProgram) throws {
        let file = PriceBookFile(path: book)
        var same = 0
        let time = try Measuring.time {
            same = try PriceDifference(duckdb, old: [file], new: [file]).counts().same
        }
        print(
            "  diff of the book with itself     \(text(time)); \(same) prices the same; largest engine so far \(Measuring.memory(ofChildren: true)) MiB"
        )
    }

    private func text(_ time: Measuring.Time) -> String {
        String(format: "%.1f s of CPU, %.1f s", time.processor, time.wall)
    }

    private func ratio(_ ours: Measuring.Time, _ copy: Measuring.Time) -> String {
        String(format: "%.2f", ours.processor / copy.processor)
    }

    private func write(_ file: URL) throws -> Int {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        var text = OfferRows.head
        let made = try OfferRows.make(rows: rows) { lines in
            text += lines
            guard text.utf8.count > 1 << 22 else { return }
            try handle.write(contentsOf: Data(text.utf8))
            text = ""
        }
        try handle.write(contentsOf: Data(text.utf8))
        return made
    }
}
