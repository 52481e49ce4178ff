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

    /// How stores of objects are reached.
    struct StoreSettings {
        var endpoint: String?
        var region: String?
    }

    /// The store of objects that a path means, and the place in it; nil where it is a path of files. Throws where it
    /// begins like one and is none.
    static func store(
        _ path: String, _ settings: StoreSettings, _ client: @autoclosure () throws -> CloudClient
    ) throws -> (store: any ObjectStore, place: StorePlace)? {
        if path.hasPrefix("s3://") {
            let place = try place(path, StorePlace(path, scheme: "s3"), "s3://bucket/prefix")
            return (objects(place.bucket, try client(), settings), place)
        }
        if path.hasPrefix("gs://") {
            let place = try place(path, StorePlace(path, scheme: "gs"), "gs://bucket/prefix")
            let client = try client()
            let credentials = CredentialCache(GCPCredentials.chain(CloudDoor.sources(client)))
            let store = GCSObjects(place.bucket, client: client, credentials: credentials, endpoint: settings.endpoint)
            return (store, place)
        }
        guard path.hasPrefix("https://") else { return nil }
        let form = "https://ACCOUNT.blob.core.windows.net/container/prefix"
        let address = AzureBlobs.Address(path)
        let place = try place(path, address?.place, form)
        guard let address else { return nil }
        let client = try client()
        let chain = AzureCredentials.chain(CloudDoor.sources(client), scope: AzureBlobs.scope)
        let store = AzureBlobs(
            address, client: client, credentials: CredentialCache(chain), endpoint: settings.endpoint)
        return (store, place)
    }

    private static func place(_ path: String, _ place: StorePlace?, _ form: String) throws -> StorePlace {
        guard let place else {
            throw Failure(
                .usage, "import.bad-address", "`\(path)` is no address of a store", hint: "write it like \(form)")
        }
        return place
    }

    private static func objects(_ bucket: String, _ client: CloudClient, _ settings: StoreSettings) -> S3Objects {
        let sources = CloudDoor.sources(client)
        let own = sources.environment["AWS_ENDPOINT_URL_S3"] ?? sources.environment["AWS_ENDPOINT_URL"]
        return S3Objects(
            bucket, client: client, credentials: CredentialCache(AWSCredentials.chain(sources)),
            endpoint: settings.endpoint ?? own.flatMap { $0.isEmpty ? nil : $0 },
            region: settings.region ?? AWSCredentials.region(sources) ?? "us-east-1")
    }
}
