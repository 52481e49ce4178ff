import AWSProvider
import CloudHTTP
import Collection
import Foundation
import PlimsollCore
import Testing

/// Commitments against documents of our own, which boto3 reads too: moto has none of these calls.
@Suite("AWS commitments", .enabled(if: MotoEstate.python != nil, MotoEstate.missing))
struct AWSCommitmentTests {
    private static func account(_ url: String) throws -> (account: AWSAccount, client: CloudClient) {
        let credentials = CredentialCache { () async throws(CloudFailure) in
            Dated(SigV4.Credentials(accessKeyID: "testing", secretAccessKey: Secret("testing")))
        }
        let client = try directClient()
        var options = AWSAccount.Options()
        options.endpoint = url
        let now = try #require(Instant("2025-06-15T12:00:00Z"))
        return (AWSAccount(client: client, credentials: credentials, options: options, now: now), client)
    }

    @Test("what boto3 reads, in the columns of the contract; ended ones are left out; the rest is unsupported at once")
    func commitments() async throws {
        let program = try await blocking { try MotoProgram("aws_commitments.py") }
        let facts = try #require(JSONValue(parsing: try await blocking { program.line() }))
        let (account, client) = try Self.account(try #require(facts["url"]?.string))
        let read = try await Collected(account, CollectScope(regions: ["us-east-1"]))
        #expect(!read.failed.isEmpty && read.failed.allSatisfy { $0.failure.code == "unsupported" })
        let calls = client.log.totals.values
        // Pages apart, each call was made once: what is not offered is not asked for again.
        #expect(calls.allSatisfy { $0.attempts <= 2 })
        guard case .object(let listed)? = facts["commitments"] else { return }
        let found = Dictionary(uniqueKeysWithValues: read.commitments.map { ($0.id, $0) })
        #expect(Set(found.keys) == Set(listed.keys.filter { listed[$0]?["state"] != "retired" }))
        for (id, item) in found {
            let theirs = try #require(listed[id])
            if item.offer.isSpend {
                #expect(item.hourlyCommitment == Money(theirs["commitment"]?.string ?? ""))
                #expect(item.region == theirs["region"]?.string && item.family == theirs["family"]?.string)
                #expect(item.term == .threeYears && item.payment == .partial)
                continue
            }
            #expect(item.sku == theirs["sku"]?.string && item.zone == theirs["zone"]?.string, "\(id)")
            #expect(item.quantity == Quantity(theirs["count"]?.string ?? ""), "\(id)")
            #expect(item.upfront == Money(theirs["upfront"]?.string ?? ""), "\(id)")
            #expect(item.hourly == Money(theirs["hourly"]?.string ?? ""), "\(id)")
            #expect(item.start?.description == theirs["start"]?.string, "\(id)")
            if let end = theirs["end"]?.string, !end.isEmpty { #expect(item.end?.description == end, "\(id)") }
        }
        try Self.words(found)
        let capacity = read.resources.filter { $0.type == "reservation" }
        #expect(capacity.map(\.sku) == ["p4d.24xlarge"] && capacity.first?.tags == ["Team": "ml"])
    }

    /// Offers, families, licences and terms, which boto3 does not know of.
    private static func words(_ found: [String: Commitment]) throws {
        func item(_ id: String) throws -> Commitment { try #require(found[id]) }
        let (first, second, third) = (try item("ri-1"), try item("ri-2"), try item("ri-3"))
        #expect(first.offer == .riStandard && first.family == "m5" && first.os == "linux" && first.tenancy == "shared")
        #expect(first.term == .oneYear && first.payment == .partial)
        #expect(second.zone == "us-east-1a" && second.family.isEmpty)
        #expect((second.os, second.license) == ("windows", "sql-std"))
        #expect(
            third.offer == .riConvertible && third.os == "rhel" && third.tenancy == "dedicated" && third.family.isEmpty)
        #expect(
            try item("n-1").license == "postgresql" && item("n-3").license == "redis" && item("n-4").license.isEmpty)
        #expect(
            try item("n-4").payment == .all && item("n-1").payment == Payment.none && item("n-1").term == .threeYears)
        #expect(try item("n-1").end?.description == "2028-01-01T00:00:00Z")
        #expect(try item("es-5").start?.description == "2025-01-01T00:00:00Z" && item("es-5").payment == .partial)
        let offers = try ["sp-1", "sp-2", "sp-3", "sp-5"].map { try item($0).offer.rawValue }
        #expect(offers == ["compute-sp", "family-sp", "sagemaker-sp", "database-sp"])
    }
}
