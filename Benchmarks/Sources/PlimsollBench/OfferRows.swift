/// A made-up price list file of EC2: the columns of the real one, prices that mean nothing.
struct OfferRows {
    /// Columns that differ between the rows of one SKU …
    private static let terms = [
        "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange",
        "EndingRange", "Unit", "PricePerUnit", "Currency", "RelatedTo", "LeaseContractLength", "PurchaseOption",
        "OfferingClass",
    ]

    /// … and those that do not.
    private static let product = [
        "Product Family", "serviceCode", "Location", "Location Type", "Instance Type", "Current Generation",
        "Instance Family", "vCPU", "Physical Processor", "Clock Speed", "Memory", "Storage", "Network Performance",
        "Processor Architecture", "Storage Media", "Volume Type", "Max Volume Size", "Max IOPS/volume",
        "Max IOPS Burst Performance", "Max throughput/volume", "Provisioned", "Tenancy", "EBS Optimized",
        "Operating System", "License Model", "Group", "Group Description", "Transfer Type", "From Location",
        "From Location Type", "To Location", "To Location Type", "usageType", "operation", "AvailabilityZone",
        "CapacityStatus", "ClassicNetworkingSupport", "Dedicated EBS Throughput", "ECU", "Elastic Graphics Type",
        "Enhanced Networking Supported", "From Region Code", "GPU", "GPU Memory", "Instance",
        "Instance Capacity - 10xlarge", "Instance Capacity - 12xlarge", "Instance Capacity - 16xlarge",
        "Instance Capacity - 18xlarge", "Instance Capacity - 24xlarge", "Instance Capacity - 2xlarge",
        "Instance Capacity - 32xlarge", "Instance Capacity - 4xlarge", "Instance Capacity - 8xlarge",
        "Instance Capacity - 9xlarge", "Instance Capacity - large", "Instance Capacity - medium",
        "Instance Capacity - metal", "Instance Capacity - xlarge", "instanceSKU", "Intel AVX2 Available",
        "Intel AVX Available", "Intel Turbo Available", "MarketOption", "Normalization Size Factor", "Physical Cores",
        "Pre Installed S/W", "Processor Features", "Product Type", "Region Code", "Resource Type", "serviceName",
        "SnapshotArchiveFeeType", "To Region Code", "Volume API Name", "VPCNetworkingSupport",
    ]

    static var width: Int { terms.count + product.count }

    static let head = """
        "FormatVersion","v1.0"
        "Disclaimer","Synthetic, made for a benchmark: no price here is real"
        "Publication Date","2026-11-01T00:00:00Z"
        "Version","20261101000000"
        "OfferCode","AmazonEC2"

        """ + (terms + product).map { "\"\($0)\"" }.joined(separator: ",") + "\n"

    private static let systems: [(os: String, license: String, software: String, operation: String)] = [
        ("Linux", "No License required", "NA", "RunInstances"),
        ("Windows", "License Included", "NA", "RunInstances:0002"),
        ("RHEL", "No License required", "NA", "RunInstances:0010"),
        ("SUSE", "No License required", "NA", "RunInstances:000g"),
        ("Windows", "License Included", "SQL Std", "RunInstances:0006"),
        ("Linux", "No License required", "SQL Ent", "RunInstances:0100"),
        ("Windows", "Bring your own license", "NA", "RunInstances:0800"),
    ]
    private static let sizes: [(name: String, cpus: Int)] = [
        ("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32), ("12xlarge", 48),
        ("24xlarge", 96),
    ]
    private static let regions = 32

    /// Hands the rows of product after product to `write`, until there are `rows` of them.
    static func make(rows: Int, _ write: (String) throws -> Void) rethrows -> Int {
        var made = 0
        var product = 0
        while made < rows {
            let text = lines(product)
            try write(text.lines)
            made += text.count
            product += 1
        }
        return made
    }

    private static func lines(_ index: Int) -> (lines: String, count: Int) {
        var rest = index
        func digit(_ base: Int) -> Int {
            defer { rest /= base }
            return rest % base
        }
        let system = systems[digit(systems.count)]
        let dedicated = digit(2) == 1
        let region = digit(regions)
        let size = sizes[digit(sizes.count)]
        let type = "s\(rest + 4)i.\(size.name)"
        let tail = tail(type, size.cpus, region, dedicated, system)
        let sku = "S" + String(1_000_000_000_000 + index * 7919, radix: 36).uppercased()
        let base = size.cpus * 480 + index * 7_919 % 9_973
        var text =
            row(
                sku, "JRTCKXETXF", "6YS6EN2CT7", "OnDemand",
                "$0.\(base) per On Demand \(system.os) \(type) Instance Hour", price(base), nil) + tail
        var count = 1
        for term in 0..<12 {
            let option = (years: term < 6 ? 1 : 3, payment: term % 3, isConvertible: term % 6 >= 3)
            let code = "T" + String(100_000 + term * 977, radix: 36).uppercased()
            let hourly = base * (option.years == 1 ? 6 : 4) / 10
            let recurring = [hourly, hourly / 2, 0][option.payment]
            text +=
                row(
                    sku, code, "6YS6EN2CT7", "Reserved", "Linux/UNIX (Amazon VPC), \(type) reserved instance applied",
                    price(recurring), option) + tail
            count += 1
            guard option.payment > 0 else { continue }
            let fee = (hourly - recurring) * 8_760 * option.years / 10_000
            text += row(sku, code, "2TG2D8R56U", "Reserved", "Upfront Fee", String(fee), option) + tail
            count += 1
        }
        return (text, count)
    }

    /// Ten decimals, as the real list has them; the last six are as good as random.
    private static func price(_ tenThousandths: Int) -> String {
        guard tenThousandths > 0 else { return "0.0000000000" }
        let digits = String(tenThousandths % 10_000 + 10_000).dropFirst()
        let noise = UInt64(tenThousandths) &* 6_364_136_223_846_793_005 >> 40 % 1_000_000
        return "\(tenThousandths / 10_000).\(digits)\(String(noise + 1_000_000).dropFirst())"
    }

    private static func row(
        _ sku: String, _ term: String, _ rate: String, _ type: String, _ text: String, _ price: String,
        _ option: (years: Int, payment: Int, isConvertible: Bool)?
    ) -> String {
        let isFee = rate.hasPrefix("2")
        let range = isFee ? ",," : "\"0\",\"Inf\","
        let lease =
            option.map {
                "\"\($0.years)yr\",\"\(["No Upfront", "Partial Upfront", "All Upfront"][$0.payment])\",\"\($0.isConvertible ? "convertible" : "standard")\""
            } ?? ",,"
        return
            "\"\(sku)\",\"\(term)\",\"\(sku).\(term).\(rate)\",\"\(type)\",\"\(text)\",\"2026-11-01\",\(range)\"\(isFee ? "Quantity" : "Hrs")\",\"\(price)\",\"USD\",,\(lease),"
    }

    private static func tail(
        _ type: String, _ cpus: Int, _ region: Int, _ dedicated: Bool,
        _ system: (os: String, license: String, software: String, operation: String)
    ) -> String {
        let cells = [
            "Product Family": "Compute Instance", "serviceCode": "AmazonEC2", "Location": "Example (Place \(region))",
            "Location Type": "AWS Region", "Instance Type": type, "Current Generation": "Yes",
            "Instance Family": "General purpose", "vCPU": String(cpus),
            "Physical Processor": "Example Xeon (Sapphire Rapids)",
            "Clock Speed": "3.2 GHz", "Memory": "\(cpus * 4) GiB", "Storage": "EBS only",
            "Network Performance": "Up to 12500 Megabit", "Processor Architecture": "64-bit",
            "Tenancy": dedicated ? "Dedicated" : "Shared", "Operating System": system.os,
            "License Model": system.license,
            "usageType": "XX\(region)-\(dedicated ? "DedicatedUsage" : "BoxUsage"):\(type)",
            "operation": system.operation,
            "AvailabilityZone": "NA", "CapacityStatus": "Used", "ClassicNetworkingSupport": "false",
            "Dedicated EBS Throughput": "Up to 10000 Mbps", "ECU": "NA", "Enhanced Networking Supported": "Yes",
            "GPU Memory": "NA", "Intel AVX2 Available": "Yes", "Intel AVX Available": "Yes",
            "Intel Turbo Available": "Yes",
            "MarketOption": "OnDemand", "Normalization Size Factor": String(cpus * 2),
            "Pre Installed S/W": system.software,
            "Processor Features": "Intel AVX; Intel AVX2; Intel AVX512; Intel Turbo",
            "Region Code": "xx-example-\(region)",
            "serviceName": "Amazon Elastic Compute Cloud", "VPCNetworkingSupport": "true",
        ]
        return product.map { cells[$0].map { "\"\($0)\"" } ?? "" }.joined(separator: ",") + "\n"
    }
}
