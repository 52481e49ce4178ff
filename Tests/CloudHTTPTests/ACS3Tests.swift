import CloudHTTP
import PlimsollCore
import Testing

@Suite("ACS3-HMAC-SHA256")
struct ACS3Tests {
    /// The worked example of "V3 request structure and signature".
    @Test("the published example") func example() throws {
        let request = CloudRequest(
            method: "POST", host: "ecs.cn-shanghai.aliyuncs.com",
            query: [
                ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"), ("RegionId", "cn-shanghai"),
            ])
        let stages = ACS3().stages(
            request, .init(action: "RunInstances", version: "2014-05-26"),
            credentials: .init(accessKeyID: "YourAccessKeyId", accessKeySecret: Secret("YourAccessKeySecret")),
            at: try #require(Instant("2023-10-26T10:22:32Z")), nonce: "3156853299f313e23d1673dc12e1703d")
        #expect(stages.signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
        #expect(stages.request.header("Authorization")?.hasSuffix("Signature=" + stages.signature) == true)
    }
}
