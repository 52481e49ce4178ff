internal import AWSProvider
internal import PlimsollCore
internal import ScenarioRunner

/// The providers this program is built with: the only place that names them.
enum Registry {
    /// What they bring to a bill. Made when first needed.
    static let providers = ProviderSet(
        programs: AWS.benefitPrograms, prices: AWS.builtInPrices, catalog: AWS.builtInCatalog)

    /// What they are.
    static let descriptors: [ProviderDescriptor] = [AWS.descriptor]
}
