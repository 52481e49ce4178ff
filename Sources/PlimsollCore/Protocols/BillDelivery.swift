/// How a vendor lays an export into folders: which files of it count.
///
/// An export is delivered again and again until its period is closed. Each delivery has a manifest, which
/// lists its files; without it a folder may hold the same bill several times.
public struct BillDelivery: Hashable, Sendable, Codable {
    /// The provider's word in the interchange files.
    public var provider: String
    /// Title of the vendor's document that describes the folders.
    public var source: String
    /// How the names of manifests end, in lower case.
    public var manifestSuffix: String
    /// Keys down to the names of the files, through lists: `["blobs", "blobName"]`.
    public var files: [String]
    /// Keys down to the time of delivery, as ISO 8601 text; empty = the manifest has none.
    public var written: [String]
    /// Pattern of the folder of one billing period.
    public var periodFolder: String
    /// Folders that stand between an export's own folder and that of the period.
    public var between: [String]
    /// Folders that hold no bills.
    public var aside: [String]
    /// Whether the names of the deliveries' folders sort by time.
    public var namesSort: Bool

    /// A layout.
    public init(
        provider: String, source: String, manifestSuffix: String, files: [String], written: [String] = [],
        periodFolder: String, between: [String] = [], aside: [String] = [], namesSort: Bool = false
    ) {
        (self.provider, self.source, self.manifestSuffix) = (provider, source, manifestSuffix)
        (self.files, self.written, self.periodFolder) = (files, written, periodFolder)
        (self.between, self.aside, self.namesSort) = (between, aside, namesSort)
    }
}
