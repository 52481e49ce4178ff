import Testing

/// What clouds differ in is data: code below and beside the providers names
/// none of them. Comments may, and point to documents.
@Suite struct CloudNameTests {
    private static let names: Set = [
        "aws", "amazon", "ec2", "azure", "microsoft", "gcp", "gce", "google", "alibaba", "aliyun",
    ]

    private static let rooms = [
        "PlimsollCore", "Rating", "Solver", "Collection", "Ledger", "CommitmentPlanner", "Rightsizing", "Recommenders",
        "GPUScheduling", "MigrationPlanner", "RecoveryPlanner", "AnomalyDetection", "Reporting",
        "PlimsollPlugin", "PluginHost", "PluginConformance",
    ]

    @Test(arguments: rooms)
    func `a room's code names no cloud`(room: String) throws {
        for file in Checkout.files(in: "Sources/\(room)", suffix: ".swift") {
            let lines = SwiftText.withoutComments(try Checkout.text(file)).split(
                separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() {
                let found = SwiftText.words(String(line)).intersection(Self.names)
                #expect(
                    found.isEmpty,
                    "\(Checkout.relative(file)):\(number + 1) names \(found.sorted().joined(separator: ", "))"
                )
            }
        }
    }

    @Test func `the scanner tells code from comments and words from their parts`() {
        let source = """
            /// AWS in a comment /* azure
            let awsRate = 1 // gcp
            /* google
            /* nested */ alibaba */ let url = "https://x.amazon" // ec2
            let laws = "pause // Azure"
            """
        let code = SwiftText.withoutComments(source)
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 5)
        #expect(SwiftText.words(code).intersection(Self.names) == ["aws", "amazon", "azure"])
        #expect(
            SwiftText.words("EC2Price AWSProvider myGCPThing") == [
                "ec2", "price", "aws", "provider", "my", "gcp", "thing",
            ])
    }
}
