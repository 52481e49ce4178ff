import AWSProvider
import AlibabaProvider
import ArgumentParser
import AzureProvider
import CloudHTTP
import Foundation
import GCPProvider
import KubernetesProvider
import Ledger
import PlimsollCore
import ScenarioRunner

/// The one place that names providers: what they bring is joined here.
enum Registry {
    /// How each provider's discounts apply.
    static var programs: [BenefitProgram] {
        AWS.benefitPrograms + Azure.benefitPrograms + GCP.benefitPrograms + Alibaba.benefitPrograms + pluginPrograms
    }

    /// Prices used where no file of prices is given.
    static var prices: [PriceRow] { AWS.builtInPrices }

    /// Facts that go with ``prices``.
    static var catalog: [CatalogRow] { AWS.builtInCatalog }

    /// How a commitment is bought, in its vendor's words.
    static let purchaseSteps: @Sendable (Commitment) -> PurchaseSteps? = {
        AWS.purchaseSteps($0) ?? Azure.purchaseSteps($0) ?? GCP.purchaseSteps($0) ?? Alibaba.purchaseSteps($0)
    }

    /// Formats of bills.
    static var mappings: [BillMapping] {
        FocusMappings.all + AWS.billMappings + Azure.billMappings + GCP.billMappings + Alibaba.billMappings
            + pluginMappings
    }

    /// How exports lie in folders.
    static var deliveries: [BillDelivery] { AWS.billDeliveries + Azure.billDeliveries }

    /// Formats of price lists.
    static var priceMappings: [PriceMapping] { AWS.priceMappings + Azure.priceMappings + GCP.priceMappings }

    /// Providers' words in bills.
    static var vocabularies: [BillVocabulary] {
        [AWS.billVocabulary, Azure.billVocabulary, GCP.billVocabulary, Alibaba.billVocabulary]
    }

    /// Providers' names in bills, by their words in files.
    static let providerNames = [
        "aws": "AWS", "azure": "Microsoft", "gcp": "Google Cloud", "alibaba": "Alibaba Cloud",
    ]

    /// Clouds that are called.
    enum CloudProvider: String, ExpressibleByArgument, CaseIterable { case aws, azure, gcp, alibaba, kubernetes }

    /// Asks every place where a cloud's credentials may be; what each said, and the failure that ended the search.
    static func credentials(
        of provider: CloudProvider, _ sources: CredentialSources
    ) async -> (isFound: Bool, failure: CloudFailure?, reports: [LinkReport]) {
        func walk<Value>(_ chain: CredentialChain<Value>) async -> (Bool, CloudFailure?, [LinkReport]) {
            let (result, reports) = await chain.resolve()
            switch result {
            case .success: return (true, nil, reports)
            case .failure(let failure): return (false, failure, reports)
            case nil: return (false, nil, reports)
            }
        }
        return switch provider {
        case .aws: await walk(AWSCredentials.chain(sources))
        case .azure: await walk(AzureCredentials.chain(sources))
        case .gcp: await walk(GCPCredentials.chain(sources))
        case .alibaba: await walk(AlibabaCredentials.chain(sources))
        case .kubernetes: await walk(KubernetesCredentials.chain(sources))
        }
    }

    /// What scenarios are lent.
    static var context: ScenarioContext {
        ScenarioContext(
            programs: programs, builtInPrices: prices, builtInCatalog: catalog,
            environment: ProcessInfo.processInfo.environment, read: Talk.read, purchaseSteps: purchaseSteps,
            progress: Talk.progress, counted: Talk.counted)
    }

    /// What plans commitments.
    static var planner: any CommitPlanning { PlannerSeam() }
}
