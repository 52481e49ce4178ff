internal import CloudHTTP
internal import PlimsollCore

/// A series that is asked of Prometheus for every hour: the value at an hour's end is of the hour before it.
struct PrometheusQuery: Sendable {
    /// What a value is of.
    enum Subject: Sendable { case container, claim, node }

    /// Name in the metrics file: that of the series it is made of.
    var metric: String
    var statistic: String
    var unit: String
    var subject: Subject
    /// PromQL; `$` stands for further label matchers, with a comma before them.
    var text: String

    /// Series of cAdvisor, the kubelet and the DCGM exporter. Prometheus, "Querying basics": `rate` over the hour is
    /// the hour's mean; the largest and the 95th percentile are of five-minute rates.
    static let all: [PrometheusQuery] = [
        cpu("average", "sum by (namespace, pod, container) (rate(\(cpuSeries)[1h]))"),
        cpu("maximum", "max_over_time(sum by (namespace, pod, container) (rate(\(cpuSeries)[5m]))[1h:5m])"),
        cpu("p95", "quantile_over_time(0.95, sum by (namespace, pod, container) (rate(\(cpuSeries)[5m]))[1h:5m])"),
        memory("average", "avg_over_time"), memory("maximum", "max_over_time"),
        PrometheusQuery(
            metric: "container_cpu_cfs_throttled_periods_total", statistic: "ratio", unit: "1", subject: .container,
            text: "sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total\(real)[1h]))"
                + " / sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total\(real)[1h]))"),
        PrometheusQuery(
            metric: "DCGM_FI_DEV_GPU_UTIL", statistic: "average", unit: "percent", subject: .container,
            text: "sum by (namespace, pod, container) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{pod!=\"\"$}[1h]))"),
        PrometheusQuery(
            metric: "kubelet_volume_stats_used_bytes", statistic: "maximum", unit: "bytes", subject: .claim,
            text: "max by (namespace, persistentvolumeclaim) "
                + "(max_over_time(kubelet_volume_stats_used_bytes{persistentvolumeclaim!=\"\"$}[1h]))"),
        PrometheusQuery(
            metric: "container_cpu_usage_seconds_total", statistic: "average", unit: "cores", subject: .node,
            text: "sum by (node) (rate(container_cpu_usage_seconds_total{id=\"/\",node!=\"\"$}[1h]))"),
        PrometheusQuery(
            metric: "container_memory_working_set_bytes", statistic: "average", unit: "bytes", subject: .node,
            text: "sum by (node) (avg_over_time(container_memory_working_set_bytes{id=\"/\",node!=\"\"$}[1h]))"),
    ]

    /// Containers, without the pause container and the sums that cAdvisor gives beside them.
    private static let real = "{container!=\"\",container!=\"POD\",pod!=\"\"$}"
    private static let cpuSeries = "container_cpu_usage_seconds_total" + real

    private static func cpu(_ statistic: String, _ text: String) -> PrometheusQuery {
        PrometheusQuery(
            metric: "container_cpu_usage_seconds_total", statistic: statistic, unit: "cores", subject: .container,
            text: text)
    }

    private static func memory(_ statistic: String, _ function: String) -> PrometheusQuery {
        PrometheusQuery(
            metric: "container_memory_working_set_bytes", statistic: statistic, unit: "bytes", subject: .container,
            text: "max by (namespace, pod, container) (\(function)(container_memory_working_set_bytes\(real)[1h]))")
    }

    /// The query with label matchers of the user's.
    func text(_ selector: String) -> String { text.replacing("$", with: selector.isEmpty ? "" : ",\(selector)") }

    /// Id of what a series is of, as the inventory has it; nil where its labels do not say.
    func id(_ labels: [String: String]) -> String? {
        func label(_ name: String) -> String? { labels[name].flatMap { $0.isEmpty ? nil : $0 } }
        switch subject {
        case .node: return label("node").map { KubeKind.nodes.path("", $0) }
        case .claim:
            guard let namespace = label("namespace"), let name = label("persistentvolumeclaim") else { return nil }
            return KubeKind.claims.path(namespace, name)
        case .container:
            guard let namespace = label("namespace"), let pod = label("pod"), let name = label("container") else {
                return nil
            }
            return KubeKind.pods.path(namespace, pod) + "/containers/" + name
        }
    }
}
