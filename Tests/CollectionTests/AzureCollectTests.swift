import CloudHTTP
import Collection
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import AzureProvider

/// Documents of our own, to the shapes of the REST references, by path.
private enum AzureDocuments {
    static let group = "/subscriptions/s1/resourceGroups/Shop/providers"
    static let own = "https://management.azure.com"

    static func answer(_ request: FaultServer.Received) -> String? {
        let path = request.path
        let isSecond = request.query("$skiptoken") == "2"
        let list = "/subscriptions/s1/providers/"
        guard !path.hasPrefix(list) else { return listed(String(path.dropFirst(list.count)), request, isSecond) }
        switch path {
        case "/subscriptions":
            return
                #"{"value": [{"id": "/subscriptions/s1", "subscriptionId": "s1", "state": "Enabled"}, {"subscriptionId": "s0", "state": "Disabled"}]}"#
        case "\(group)/Microsoft.Sql/servers/sql/databases":
            return
                #"{"value": [{"id": "\#(group)/Microsoft.Sql/servers/sql/databases/master", "name": "master", "location": "westeurope"}, {"id": "\#(group)/Microsoft.Sql/servers/sql/databases/db", "name": "db", "location": "westeurope", "sku": {"name": "GP_S_Gen5", "tier": "GeneralPurpose", "capacity": 2}, "properties": {"status": "Online", "autoPauseDelay": 60, "creationDate": "2026-01-02T03:04:05.67Z"}}]}"#
        case "/providers/Microsoft.ResourceGraph/resources":
            let query = JSONValue(parsing: request.body)
            guard query?["options"]?["$skipToken"] == nil else {
                return
                    #"{"data": [{"id": "\#(group)/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "microsoft.keyvault/vaults", "location": "global"}]}"#
            }
            return
                #"{"$skipToken": "t", "data": [{"id": "\#(group)/Microsoft.Cache/Redis/r", "name": "r", "type": "Microsoft.Cache/Redis", "location": "westeurope", "sku": {"name": "Premium"}, "tags": {"a": "b"}}]}"#
        case "/providers/Microsoft.Capacity/reservations": return reservations
        case "/providers/Microsoft.BillingBenefits/savingsPlans":
            return
                #"{"value": [{"id": "/providers/Microsoft.BillingBenefits/savingsPlanOrders/o/savingsPlans/p", "properties": {"term": "P3Y", "billingPlan": "P1M", "commitment": {"amount": 3.25, "currencyCode": "EUR", "grain": "Hourly"}, "appliedScopeType": "ManagementGroup", "appliedScopeProperties": {"managementGroupId": "/providers/Microsoft.Management/managementGroups/mg"}, "displayProvisioningState": "Succeeded", "effectiveDateTime": "2026-01-01T00:00:00Z", "expiryDateTime": "2029-01-01T00:00:00Z"}}]}"#
        default: return nil
        }
    }

    private static let reservations = #"""
        {"value": [
         {"id": "/providers/microsoft.capacity/reservationOrders/o/reservations/1", "location": "westeurope",
          "sku": {"name": "Standard_D2s_v3"}, "properties": {"reservedResourceType": "VirtualMachines", "quantity": 3,
          "term": "P1Y", "billingPlan": "Monthly", "instanceFlexibility": "On", "appliedScopeType": "Single",
          "appliedScopeProperties": {"subscriptionId": "/subscriptions/s1", "resourceGroupId": "/subscriptions/s1/resourceGroups/Shop"},
          "displayProvisioningState": "Succeeded", "effectiveDateTime": "2026-01-01T08:30:00Z", "expiryDateTime": "2027-01-01T08:30:00Z"}},
         {"id": "/providers/microsoft.capacity/reservationOrders/o/reservations/2", "location": "northeurope",
          "sku": {"name": "Standard_E4s_v5"}, "properties": {"reservedResourceType": "VirtualMachines", "quantity": 1,
          "term": "P3Y", "billingPlan": "Upfront", "appliedScopeType": "Shared", "displayProvisioningState": "Succeeded"}},
         {"id": "3", "properties": {"reservedResourceType": "SqlDatabases", "displayProvisioningState": "Succeeded"}},
         {"id": "4", "properties": {"reservedResourceType": "VirtualMachines", "displayProvisioningState": "Expired"}}, {"id": "5", "properties": {"reservedResourceType": "VirtualMachines", "displayProvisioningState": "Succeeded", "provisioningState": "Merged"}}]}
        """#

    private static func listed(_ type: String, _ request: FaultServer.Received, _ isSecond: Bool) -> String? {
        func id(_ name: String) -> String { "\(group)/\(type)/\(name)" }
        switch type {
        case "Microsoft.Compute/virtualMachines" where request.query("statusOnly") == "true":
            return
                #"{"value": [{"id": "\#(id("VM1").lowercased())", "properties": {"instanceView": {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": "PowerState/deallocated"}]}}}]}"#
        case "Microsoft.Compute/virtualMachines":
            guard !isSecond else {
                return
                    #"{"value": [{"id": "\#(id("vm2"))", "name": "vm2", "location": "North Europe", "properties": {"hardwareProfile": {"vmSize": "Standard_B2s"}}}]}"#
            }
            return #"""
                {"value": [{"id": "\#(id("VM1"))", "name": "VM1", "location": "westeurope", "zones": ["2"],
                  "tags": {"team": "shop", "empty": ""}, "properties": {"vmId": "g", "priority": "Spot",
                  "hardwareProfile": {"vmSize": "Standard_D2s_v3"}, "licenseType": "Windows_Server",
                  "timeCreated": "2026-01-02T03:04:05.1234567+00:00",
                  "osProfile": {"adminPassword": "marked-secret"},
                  "storageProfile": {"osDisk": {"osType": "Windows"}}}}],
                 "nextLink": "\#(own)/subscriptions/s1/providers/\#(type)?api-version=2024-07-01&%24skiptoken=2"}
                """#
        case "Microsoft.Compute/disks":
            return #"""
                {"value": [{"id": "\#(id("d1"))", "name": "d1", "location": "westeurope", "managedBy": "\#(id("VM1"))",
                  "sku": {"name": "Premium_LRS"}, "properties": {"diskSizeGB": 128, "diskState": "Attached", "tier": "P10"}},
                 {"id": "\#(id("d2"))", "name": "d2", "location": "northeurope", "sku": {"name": "Standard_LRS"},
                  "properties": {"diskSizeGB": 32, "diskState": "Unattached", "LastOwnershipUpdateTime": "2026-02-01T00:00:00Z",
                  "creationData": {"createOption": "Copy", "sourceResourceId": "\#(id("snap"))"}}}]}
                """#
        case "Microsoft.Network/publicIPAddresses":
            return
                #"{"value": [{"id": "\#(id("ip"))", "name": "ip", "location": "westeurope", "sku": {"name": "Standard", "tier": "Regional"}, "properties": {"ipAddress": "20.0.0.1", "publicIPAllocationMethod": "Static", "ipConfiguration": {"id": "\#(group)/Microsoft.Network/networkInterfaces/nic/ipConfigurations/1"}}}]}"#
        case "Microsoft.Network/loadBalancers":
            return
                #"{"value": [{"id": "\#(id("lb"))", "name": "lb", "location": "westeurope", "sku": {"name": "Standard"}, "properties": {"frontendIPConfigurations": [{"properties": {"publicIPAddress": {"id": "ip1"}}}, {"properties": {}}], "backendAddressPools": [{"properties": {"backendIPConfigurations": [{"id": "nic1/ipConfigurations/c"}, {"id": "/s/virtualMachineScaleSets/set/virtualMachines/0/networkInterfaces/n/ipConfigurations/c"}, {"id": "/s/virtualMachineScaleSets/set/virtualMachines/1/networkInterfaces/n/ipConfigurations/c"}]}}], "loadBalancingRules": [{"id": "r1"}]}}]}"#
        case "Microsoft.Sql/servers":
            return #"{"value": [{"id": "\#(group)/Microsoft.Sql/servers/sql", "name": "sql"}]}"#
        case "Microsoft.Web/serverfarms":
            return
                #"{"value": [{"id": "\#(id("plan"))", "name": "plan", "location": "West Europe", "kind": "linux", "sku": {"name": "P1v3", "tier": "PremiumV3", "capacity": 3}, "properties": {"status": "Ready", "numberOfSites": 0}}]}"#
        case "Microsoft.ContainerService/managedClusters":
            return
                #"{"value": [{"id": "\#(id("aks"))", "name": "aks", "location": "westeurope", "sku": {"tier": "Standard"}, "properties": {"powerState": {"code": "Running"}, "nodeResourceGroup": "MC_x", "agentPoolProfiles": [{"name": "np", "vmSize": "Standard_D4s_v5", "count": 3, "scaleSetPriority": "Spot", "powerState": {"code": "Stopped"}, "availabilityZones": ["1", "2"]}]}}]}"#
        case "Microsoft.Compute/skus":
            return
                #"{"value": [{"resourceType": "disks", "name": "Premium_LRS"}, {"resourceType": "virtualMachines", "name": "Standard_NC4as_T4_v3", "family": "standardNCASv3_T4Family", "locations": ["westeurope"], "capabilities": [{"name": "vCPUs", "value": "4"}, {"name": "MemoryGB", "value": "28"}, {"name": "GPUs", "value": "1"}, {"name": "CpuArchitectureType", "value": "x64"}]}]}"#
        default: return nil
        }
    }

    /// Of the one size that is asked for in the first test: on-demand with a plan, spot, and a reservation.
    static func prices(_ request: FaultServer.Received) -> String {
        guard request.query("$filter")?.contains("'westeurope' and armSkuName eq 'Standard_D2s_v3'") == true else {
            return #"{"Items": [], "NextPageLink": null}"#
        }
        let start =
            #""currencyCode": "USD", "armRegionName": "westeurope", "armSkuName": "Standard_D2s_v3", "serviceName": "Virtual Machines", "productName": "Virtual Machines DSv3 Series", "unitOfMeasure": "1 Hour", "effectiveStartDate": "2026-01-01T00:00:00Z""#
        guard request.query("$skip") == nil else {
            return
                #"{"Items": [{\#(start), "skuName": "D2s v3", "meterName": "D2s v3", "retailPrice": 876.0, "type": "Reservation", "reservationTerm": "1 Year"}]}"#
        }
        return
            #"{"Items": [{\#(start), "skuName": "D2s v3", "meterName": "D2s v3", "retailPrice": 0.12, "type": "Consumption", "savingsPlan": [{"term": "3 Years", "retailPrice": 0.055}]}, {\#(start), "skuName": "D2s v3 Spot", "meterName": "D2s v3 Spot", "retailPrice": 0.021, "type": "Consumption"}, {\#(start), "skuName": "D2s v3 Low Priority", "meterName": "x", "retailPrice": 0.02, "type": "Consumption"}], "NextPageLink": "https://prices.azure.com:443/api/retail/prices?api-version=2023-01-01-preview&$skip=100&$filter=serviceName%20eq%20%27Virtual%20Machines%27%20and%20armRegionName%20eq%20%27westeurope%27%20and%20armSkuName%20eq%20%27Standard_D2s_v3%27"}"#
    }

    /// The answer about one resource, or the element of a batch.
    static func metrics(_ names: String) -> String {
        guard names.hasPrefix("Percentage CPU") else { return #""value": []"# }
        return
            #""value": [{"name": {"value": "Percentage CPU"}, "unit": "Percent", "timeseries": [{"data": [{"timeStamp": "2026-02-28T22:00:00Z", "average": 12.5, "maximum": 80}, {"timeStamp": "2026-02-28T23:00:00Z", "average": null}]}]}]"#
    }
}

@Suite("Azure subscriptions") struct AzureCollectTests {
    private static func server(
        hasBatch: Bool = true, _ other: @escaping @Sendable (FaultServer.Received) -> [FaultServer.Step]? = { _ in nil }
    ) throws -> FaultServer {
        try FaultServer { request in
            if request.path == "/api/retail/prices" {
                #expect(request.header("Authorization") == nil, "prices are asked for by nobody")
                return .respond(200, AzureDocuments.prices(request))
            }
            guard request.header("Authorization") == "Bearer marked-secret" else {
                return .respond(401, #"{"error": {"code": "AuthenticationFailed", "message": "no token"}}"#)
            }
            guard request.query("api-version")?.count ?? 0 >= 10 else {
                return .respond(400, #"{"error": {"code": "MissingApiVersionParameter", "message": "m"}}"#)
            }
            if let steps = other(request) { return steps }
            if request.path.hasSuffix("metrics:getBatch") {
                guard hasBatch, case .array(let ids)? = JSONValue(parsing: request.body)?["resourceids"] else {
                    return .respond(403, #"{"error": {"code": "AuthorizationFailed", "message": "no batch"}}"#)
                }
                let names = request.query("metricnames") ?? ""
                let values = ids.map {
                    #"{"resourceid": "\#($0.string?.uppercased() ?? "")", \#(AzureDocuments.metrics(names))}"#
                }
                return .respond(200, #"{"values": [\#(values.joined(separator: ","))]}"#)
            }
            if request.path.hasSuffix("/providers/Microsoft.Insights/metrics") {
                return .respond(200, "{\(AzureDocuments.metrics(request.query("metricnames") ?? ""))}")
            }
            return .respond(200, AzureDocuments.answer(request) ?? #"{"value": [], "data": []}"#)
        }
    }

    private static func subscriptions(_ server: FaultServer, _ client: CloudClient) throws -> AzureSubscriptions {
        let credentials = CredentialCache { () async throws(CloudFailure) in Dated(BearerToken(Secret("marked-secret")))
        }
        var options = AzureSubscriptions.Options()
        options.endpoint = server.url + "/"
        options.batchCredentials = credentials
        let now = try #require(Instant("2026-03-01T00:30:00Z"))
        return AzureSubscriptions(client: client, credentials: credentials, options: options, now: now)
    }

    @Test("inventory: links to next pages, states of machines, tags, relations, all else by Resource Graph")
    func inventory() async throws {
        let throttled = Counter()
        let server = try Self.server { request in
            guard request.path.hasSuffix("Microsoft.Compute/disks"), throttled.next() == 1 else { return nil }
            return .respond(429, #"{"error": {"code": "TooManyRequests", "message": "m"}}"#, [("Retry-After", "0")])
        }
        defer { server.stop() }
        let read = try await Collected(try Self.subscriptions(server, try directClient()))
        #expect(read.failed.isEmpty, "\(read.failed)")
        #expect(read.gaps.map(\.account) == ["s0"] && read.gaps.first?.reason == "it is Disabled")
        let found = Dictionary(uniqueKeysWithValues: read.resources.map { ("\($0.type) \($0.name)", $0) })
        let first = try #require(found["instance VM1"])
        #expect(first.state == "PowerState/deallocated" && first.sku == "Standard_D2s_v3" && first.zone == "2")
        #expect(first.region == "westeurope" && first.tags == ["team": "shop", "empty": ""] && first.account == "s1")
        #expect(first.created == "2026-01-02T03:04:05Z" && first.attributes["priority"] == "Spot")
        #expect(first.attributes["licenseType"] == "Windows_Server" && first.attributes["resourceGroup"] == "Shop")
        #expect(first.attributes["storageProfile.osDisk.osType"] == "Windows")
        #expect(!read.resources.contains { "\($0)".contains("marked-secret") })
        #expect(found["instance vm2"]?.region == "northeurope" && found["instance vm2"]?.state == "")
        #expect(
            found["volume d1"]?.links == [
                .init(kind: "attached-to", id: "\(AzureDocuments.group)/Microsoft.Compute/disks/VM1")
            ])
        let spare = try #require(found["volume d2"])
        #expect(spare.state == "Unattached" && spare.attributes["LastOwnershipUpdateTime"] == "2026-02-01T00:00:00Z")
        #expect(spare.links.map(\.kind) == ["created-from"] && spare.attributes["diskSizeGB"] == "32")
        let balancer = try #require(found["load-balancer lb"])
        #expect(
            found["address ip"]?.links.map(\.id) == [AzureDocuments.group + "/Microsoft.Network/networkInterfaces/nic"])
        #expect(
            balancer.links.map { "\($0.kind) \($0.id)" } == [
                "attached-to ip1", "targets nic1", "targets /s/virtualMachineScaleSets/set",
            ])
        #expect(found["database db"]?.sku == "GP_S_Gen5" && found["database master"] == nil)
        #expect(
            found["app-plan plan"]?.attributes["numberOfSites"] == "0" && found["app-plan plan"]?.region == "westeurope"
        )
        let pool = try #require(found["node-group np"])
        #expect(pool.attributes["scaleSetPriority"] == "Spot" && pool.zone == "1,2" && pool.state == "Stopped")
        #expect(
            found["azure:microsoft.cache/redis r"]?.sku == "Premium"
                && found["azure:microsoft.keyvault/vaults kv"] != nil)
        let west = try await Collected(
            try Self.subscriptions(server, try directClient()),
            CollectScope(accounts: ["S1"], regions: ["North Europe"])
        )
        #expect(Set(west.resources.map(\.region)) == ["northeurope", "global"])
    }

    @Test("commitments with their scopes, sizes, measurements at once and one by one")
    func rest() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let read = try await Collected(try Self.subscriptions(server, try directClient()))
        let held = Dictionary(
            uniqueKeysWithValues: read.commitments.map { ($0.id.split(separator: "/").last.map(String.init) ?? "", $0) }
        )
        #expect(Set(held.keys) == ["1", "2", "p"])
        let first = try #require(held["1"])
        #expect(
            first.offer.rawValue == "reservation" && first.sku == "Standard_D2s_v3" && first.quantity == Quantity("3"))
        #expect(first.sharing == .resourceGroup && first.account == "s1" && first.resourceGroup == "Shop")
        #expect(first.term == .oneYear && first.payment == .monthly && first.start == Instant("2026-01-01T08:30:00Z"))
        #expect(held["2"]?.sharing == .organization && held["2"]?.payment == .all && held["2"]?.region == "northeurope")
        let plan = try #require(held["p"])
        #expect(plan.hourlyCommitment == Money("3.25") && plan.currency == "EUR" && plan.sharing == .managementGroup)
        #expect(plan.account == "mg" && plan.term == .threeYears && plan.offer.rawValue == "compute-savings-plan")
        #expect(read.allGaps.map(\.what).filter { $0.contains("reservations") }.count == 2)
        let prices = read.prices.map {
            [$0.offer.rawValue, $0.term, $0.payment, $0.upfront.description, $0.price.description]
        }
        #expect(
            prices == [
                ["on-demand", "", "", "0", "0.12"], ["compute-savings-plan", "3y", "all", "0", "0.055"],
                ["compute-savings-plan", "3y", "monthly", "0", "0.055"], ["spot", "", "", "0", "0.021"],
                ["reservation", "1y", "all", "876", "0"], ["reservation", "1y", "monthly", "0", "0.1"],
            ])
        #expect(
            Set(read.prices.map { [$0.region, $0.sku, $0.os, $0.unit] }) == [
                ["westeurope", "Standard_D2s_v3", "linux", "Hrs"]
            ])
        let size = try #require(read.catalog.first)
        #expect(
            read.catalog.count == 1 && size.sku == "Standard_NC4as_T4_v3" && size.family == "standardNCASv3_T4Family")
        #expect(size.vcpu == Quantity("4") && size.memoryGiB == Quantity("28") && size.gpuCount == Quantity("1"))
        let vm = AzureDocuments.group + "/Microsoft.Compute/virtualMachines/"
        let wanted = ["VM1", "vm2"].flatMap { [(vm + $0, "average", 12.5), (vm + $0, "maximum", 80.0)] }
        func isWanted(_ rows: [MetricRow]) -> Bool {
            let sorted = rows.sorted { ($0.resource, $0.statistic) < ($1.resource, $1.statistic) }
            return sorted.map(\.resource) == wanted.map(\.0) && sorted.map(\.statistic) == wanted.map(\.1)
                && sorted.map(\.value) == wanted.map(\.2)
                && sorted.allSatisfy {
                    $0.time == Instant("2026-02-28T22:00:00Z") && $0.metric == "Percentage CPU" && $0.unit == "Percent"
                }
        }
        #expect(isWanted(read.metrics), "\(read.metrics)")
        #expect(!server.requests.contains { $0.path.contains("Microsoft.Insights") })
        let single = try Self.server(hasBatch: false)
        defer { single.stop() }
        let again = try await Collected(try Self.subscriptions(single, try directClient()))
        #expect(isWanted(again.metrics) && again.failed.isEmpty)
        // One that the service leaves out is asked for by itself.
        let partial = try Self.server { request in
            guard request.path.hasSuffix("metrics:getBatch") else { return nil }
            let names = request.query("metricnames") ?? ""
            let failing = #"{"resourceid": "\#(vm)vm2", "value": [{"errorCode": "InternalError"}]}"#
            return .respond(
                200, #"{"values": [{"resourceid": "\#(vm)VM1", \#(AzureDocuments.metrics(names))}, \#(failing)]}"#)
        }
        defer { partial.stop() }
        let rest = try await Collected(try Self.subscriptions(partial, try directClient()))
        #expect(isWanted(rest.metrics) && rest.failed.isEmpty)
        #expect(
            single.requests.filter { $0.path.hasSuffix("metrics:getBatch") }.count == 1, "refused once, not asked again"
        )
    }

    @Test("the custom role is exactly the calls; refusals name the action; what is not registered has nothing")
    func policy() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let client = try directClient()
        _ = try await Collected(try Self.subscriptions(server, client))
        #expect(client.log.totals.keys.sorted() == (Azure.descriptor.permissions + ["retail prices"]).sorted())
        let refusing = try Self.server { request in
            if request.path.hasSuffix("Microsoft.Compute/snapshots") {
                return .respond(
                    403,
                    #"{"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization to perform action 'Microsoft.Compute/snapshots/read'"}}"#
                )
            }
            if request.path.hasSuffix("Microsoft.Web/serverfarms") {
                return .respond(409, #"{"error": {"code": "MissingSubscriptionRegistration", "message": "m"}}"#)
            }
            if request.path.hasSuffix("Microsoft.Network/natGateways") {
                return .respond(200, #"{"value": [], "nextLink": "https://elsewhere.example/next"}"#)
            }
            return nil
        }
        defer { refusing.stop() }
        let read = try await Collected(try Self.subscriptions(refusing, try directClient()))
        let failed = Dictionary(uniqueKeysWithValues: read.failed.map { ($0.piece.id, $0.failure) })
        #expect(Set(failed.keys) == ["azure/s1/snapshots", "azure/s1/nat-gateways"])
        #expect(
            failed["azure/s1/snapshots"]?.code == "permission"
                && failed["azure/s1/snapshots"]?.call == "Microsoft.Compute/snapshots/read")
        #expect(failed["azure/s1/nat-gateways"]?.message.contains("another host") == true)
    }

    @Test("a whole collection, twice, is the same files")
    func files() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let folders = [TemporaryFolder(), TemporaryFolder()]
        for folder in folders {
            _ = try await Collector().collect(
                try Self.subscriptions(server, try directClient()), CollectScope(), label: "", into: folder.path)
        }
        for name in ["resources.jsonl", "metrics.csv", "commitments.csv", "catalog.csv", "gaps.jsonl"] {
            #expect(try folders[0].text(name) == folders[1].text(name) && !folders[0].text(name).isEmpty)
        }
    }

    @Test(
        "every field read is in the vendor's own SDKs",
        .enabled(if: MotoEstate.python != nil, MotoEstate.missing))
    func vendorModels() async throws {
        let uses = AzureListings.uses
        let models = try await blocking {
            let program = try MotoProgram("azure_models.py")
            try program.say(uses.map(\.model).joined(separator: " "))
            return try #require(JSONValue(parsing: program.line()))
        }
        func faults(_ model: String, _ paths: [String]) -> [String] {
            guard case .array(let names)? = models[model] else { return ["\(model) is no model"] }
            let known = Set(names.compactMap(\.string))
            return paths.filter { !known.contains($0) }.map { "\(model): no field \($0)" }
        }
        let found = uses.flatMap { faults($0.model, $0.paths) }
        #expect(found.isEmpty, "\(found)")
        // The check itself finds what is misspelt.
        #expect(faults("azure.mgmt.compute:Disk", ["properties.diskStates", "sku.name"]).count == 1)
        #expect(faults("azure.mgmt.compute:Disc", ["id"]).count == 1)
    }
}
