import AWSProvider
import AlibabaProvider
import AzureProvider
import GCPProvider
import Ledger
import PlimsollCore
import ScenarioRunner

/// The one place that names providers: what they bring is joined here.
enum Registry {
    /// How each provider's discounts apply.
    static var programs: [BenefitProgram] {
        AWS.benefitPrograms + Azure.benefitPrograms + GCP.benefitPrograms + Alibaba.benefitPrograms
    }

    /// Prices used where no file of prices is given.
    static var prices: [PriceRow] { AWS.builtInPrices }

    /// Facts that go with ``prices``.
    static var catalog: [CatalogRow] { AWS.builtInCatalog }

    /// How a commitment is bought, in its vendor's words.
    static let purchaseSteps: @Sendable (Commitment) -> PurchaseSteps? = { AWS.purchaseSteps($0) }

    /// Formats of bills.
    static var mappings: [BillMapping] {
        FocusMappings.all + AWS.billMappings + Azure.billMappings + GCP.billMappings + Alibaba.billMappings
    }

    /// Providers' words in bills.
    static var vocabularies: [BillVocabulary] {
        [AWS.billVocabulary, Azure.billVocabulary, GCP.billVocabulary, Alibaba.billVocabulary]
    }

    /// What plans commitments.
    static var planner: any CommitPlanning { PlannerSeam() }
}
