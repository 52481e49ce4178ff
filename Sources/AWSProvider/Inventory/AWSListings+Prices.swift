internal import CloudHTTP
internal import PlimsollCore

/// Facts of instance types and spot prices. Amazon EC2 API Reference.
extension AWSListings {
    static let market: [AWSListing] = [instanceTypes, spotPrices]

    private static let instanceTypes = AWSListing(
        "instance-types", "EC2 instance types", "ec2:DescribeInstanceTypes"
    ) { reader in
        try await reader.pages(
            .ec2, "DescribeInstanceTypes", [("MaxResults", "100")], items: "instanceTypeSet", token: .ec2
        ) { page in
            try await reader.push(page.map(type))
        }
    }

    private static func type(_ item: CloudItem) -> CatalogRow {
        var row = CatalogRow()
        row.provider = "aws"
        row.sku = item["instanceType"]
        row.family = String(row.sku.prefix { $0 != "." })
        row.vcpu = Quantity(item["vCpuInfo.defaultVCpus"])
        row.memoryGiB = gib(item["memoryInfo.sizeInMiB"])
        row.arch = item.texts("processorInfo.supportedArchitectures").first { $0 != "i386" } ?? ""
        let gpus = item.list("gpuInfo.gpus")
        row.gpu = gpus.first?["name"] ?? ""
        row.gpuCount = gpus.first.flatMap { Quantity($0["count"]) }
        row.gpuMemoryGiB = gib(item["gpuInfo.totalGpuMemoryInMiB"])
        let cards = item.list("networkInfo.networkCards")
        let speeds = cards.compactMap { Double($0["baselineBandwidthInGbps"]) }
        if !speeds.isEmpty { row.networkGbps = Quantity("\((speeds.reduce(0, +) * 1000).rounded() / 1000)") }
        row.burstable = item["burstablePerformanceSupported"] == "true"
        return row
    }

    private static func gib(_ mebibytes: String) -> Quantity? {
        Double(mebibytes).flatMap { Quantity("\($0 / 1_024)") }
    }

    /// The present price of every type in every zone: what the history says between now and now.
    private static let spotPrices = AWSListing(
        "spot-prices", "EC2 spot prices", "ec2:DescribeSpotPriceHistory"
    ) { reader in
        let now = reader.now.description
        try await reader.pages(
            .ec2, "DescribeSpotPriceHistory", [("StartTime", now), ("EndTime", now), ("MaxResults", "1000")],
            items: "spotPriceHistorySet", token: .ec2
        ) { page in
            let prices: [PriceRow] = page.compactMap { item in
                guard let price = Money(item["spotPrice"]) else { return nil }
                var row = PriceRow()
                row.provider = "aws"
                row.region = reader.region
                row.zone = item["availabilityZone"]
                row.service = "compute"
                row.sku = item["instanceType"]
                (row.os, row.license) = platform(item["productDescription"])
                row.tenancy = "shared"
                row.offer = .spot
                row.price = price
                row.currency = "USD"
                row.unit = "Hrs"
                row.source = "ec2:DescribeSpotPriceHistory of \(item.time("timestamp"))"
                return row
            }
            try await reader.push(prices)
        }
    }
}
