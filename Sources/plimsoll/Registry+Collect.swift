import AWSProvider
import AlibabaProvider
import AzureProvider
import CloudHTTP
import Foundation
import GCPProvider
import KubernetesProvider
import PlimsollCore

/// Providers whose APIs are read.
extension Registry {
    /// What reads a provider's APIs.
    static func collecting(
        _ provider: CloudProvider, _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings
    ) -> any CollectingProvider {
        let now = Instant(secondsSince1970: Date().timeIntervalSince1970)
        switch provider {
        case .aws: return aws(client, sources, settings, now)
        case .azure: return azure(client, sources, settings, now)
        case .gcp: return gcp(client, sources, settings, now)
        case .alibaba: return alibaba(client, sources, settings, now)
        case .kubernetes: return kubernetes(client, sources, settings, now)
        }
    }

    private static func aws(
        _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings, _ now: Instant
    ) -> AWSAccount {
        var options = AWSAccount.Options()
        options.endpoint =
            settings.endpoint ?? sources.environment["AWS_ENDPOINT_URL"].flatMap { $0.isEmpty ? nil : $0 }
        options.region = AWSCredentials.region(sources) ?? options.region
        options.role = settings.role
        return AWSAccount(
            client: client, credentials: CredentialCache(AWSCredentials.chain(sources)), options: options, now: now)
    }

    private static func alibaba(
        _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings, _ now: Instant
    ) -> AlibabaAccount {
        var options = AlibabaAccount.Options()
        options.endpoint = settings.endpoint
        options.billingHost = sources.variable("ALIBABA_CLOUD_BSS_ENDPOINT")
        return AlibabaAccount(
            client: client, credentials: CredentialCache(AlibabaCredentials.chain(sources)), options: options, now: now)
    }

    private static func gcp(
        _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings, _ now: Instant
    ) -> GCPProjects {
        var options = GCPProjects.Options()
        options.endpoint = settings.endpoint
        options.project = sources.variable("GOOGLE_CLOUD_PROJECT") ?? sources.variable("CLOUDSDK_CORE_PROJECT")
        return GCPProjects(
            client: client, credentials: CredentialCache(GCPCredentials.chain(sources)), options: options, now: now)
    }

    private static func azure(
        _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings, _ now: Instant
    ) -> AzureSubscriptions {
        var options = AzureSubscriptions.Options()
        options.endpoint = settings.endpoint
        options.batchCredentials = CredentialCache(
            AzureCredentials.chain(sources, scope: AzureSubscriptions.batchScope))
        return AzureSubscriptions(
            client: client, credentials: CredentialCache(AzureCredentials.chain(sources)), options: options, now: now)
    }

    private static func kubernetes(
        _ client: CloudClient, _ sources: CredentialSources, _ settings: CollectSettings, _ now: Instant
    ) -> KubernetesClusters {
        var options = KubernetesClusters.Options()
        options.endpoint = settings.endpoint
        options.prometheus = settings.prometheus ?? sources.variable("PROMETHEUS_URL")
        options.selector = settings.prometheusSelector
        options.prometheusToken = sources.variable("PROMETHEUS_TOKEN").map(Secret.init)
        return KubernetesClusters(client: client, sources: sources, options: options, now: now)
    }

    /// The policy that reading needs, as the provider takes it.
    static func policy(_ provider: CloudProvider) -> String {
        switch provider {
        case .aws: return AWS.policy.text
        case .azure: return Azure.policy.text
        case .gcp: return GCP.policy.text
        case .alibaba: return Alibaba.policy.text
        case .kubernetes: return Kubernetes.policy.text
        }
    }
}
