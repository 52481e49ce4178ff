import PlimsollCore
import Testing

@Suite("Interchange records: rows written elsewhere than in CSV")
struct RecordTests {
    private func record(_ cells: [String: String], line: Int) -> InterchangeRecord {
        var column = 0
        var placed: [String: InterchangeRecord.Cell] = [:]
        for (name, text) in cells.sorted(by: { $0.key < $1.key }) {
            column += 10
            placed[name] = .init(text, at: .init(file: "case.yaml", line: line, column: column))
        }
        return InterchangeRecord(placed, at: .init(file: "case.yaml", line: line, column: 3))
    }

    @Test("they decode as the same rows of a file do")
    func same() throws {
        let cells = ["provider": "aws", "sku": "a,\"b\"\n", "offer": "on-demand", "price": "0.1", "currency": "USD"]
        let decoded = try Interchange.prices(records: [record(cells, line: 4)], file: "case.yaml")
        let again = try Interchange.prices(Interchange.write(prices: decoded.value), file: "p.csv")
        #expect(decoded.value == again.value)
        #expect(decoded.value.first?.sku == "a,\"b\"\n")
    }

    @Test("errors stand where the cell stands, misspelt keys among them")
    func places() {
        let wrong = [
            record(["id": "a\nb", "offer": "ri-standart", "provider": "aws", "quantity": "1"], line: 7),
            record(["id": "c", "offer": "ri-standard", "provider": "aws", "quantiti": "1"], line: 9),
        ]
        var found: [String] = []
        do throws(Failure) {
            _ = try Interchange.commitments(records: wrong, file: "case.yaml")
        } catch {
            #expect(error.exitCode == .badInput)
            found = error.diagnostics.map { "\($0.code)@\($0.place?.line ?? 0):\($0.place?.column ?? 0)" }
        }
        #expect(
            found == [
                "commitments.unknown-offer@7:20", "commitments.missing-quantity@9:3",
                "commitments.unknown-column@9:40",
            ])
    }

    @Test("a commitment says where it was read from")
    func commitmentPlace() throws {
        let cells = ["id": "x", "offer": "ri-standard", "provider": "aws", "quantity": "1"]
        let decoded = try Interchange.commitments(records: [record(cells, line: 5)], file: "case.yaml")
        #expect(decoded.value.first?.place?.description == "case.yaml:5:10")
    }

    @Test("usage merges rows of one key")
    func usage() throws {
        let rows = [0, 2].map { hour in
            record(
                ["hour": "2026-01-01T0\(hour):00:00Z", "provider": "aws", "sku": "m5.large", "quantity": "1.5"],
                line: hour + 1)
        }
        let lines = try Interchange.usage(records: rows, file: "case.yaml").value
        #expect(lines.count == 1)
        #expect(lines.first?.series.values == [15, 0, 15])
    }
}
