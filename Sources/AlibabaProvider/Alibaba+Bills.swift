public import PlimsollCore

extension Alibaba {
    /// Bill details: the export to OSS and the console's download differ in
    /// the spelling of their headers.
    ///
    /// One row becomes several charges where a coupon is inside its pretax
    /// amount, or where it states tax.
    public static let billMappings: [BillMapping] = [
        BillMapping(
            id: "alibaba-bill-details", provider: descriptor.id, title: "Alibaba Cloud bill details",
            source: "Detailed file format; DescribeInstanceBill",
            signature: ["BillingCycle", "AccountID", "PretaxGrossAmount", "PretaxAmount", "Currency"],
            columns: columns, sql: sql),
        BillMapping(
            id: "alibaba-bill-details-console", provider: descriptor.id,
            title: "Alibaba Cloud bill details, as downloaded", source: "Billing details",
            signature: ["Billing Cycle", "Account ID", "Pretax Gross Amount", "Pretax Amount", "Currency"],
            columns: columns, sql: sql),
    ]

    /// Alibaba Cloud's words in its bills.
    ///
    /// Source: "Detailed file format" (bill types, discounts). The invoice discount of a row that no plan
    /// covers is the contract's.
    public static let billVocabulary: BillVocabulary = {
        var words = BillVocabulary(
            provider: descriptor.id, names: ["alibaba cloud", "alibaba", "aliyun"],
            planOffers: [
                "ecs": Offer(rawValue: "savings-plan-ecs"), "general": Offer(rawValue: "savings-plan-general"),
            ],
            reservationOffers: ["reserved": Offer(rawValue: "reservation")])
        words.subscriptions = ["SubscriptionOrder", "Subscription Order"]
        words.innerAmounts = [
            .init(column: "x_InvoiceDiscount", isDeduction: true, name: "contract discount", role: .discount),
            .init(column: "x_RoundDownDiscount", isDeduction: true, name: "round-down discount", role: .carried),
        ]
        return words
    }()

    private static let sql = String(decoding: PackageResources.alibaba_bill_details_sql, as: UTF8.self)

    private static let columns = [
        "PretaxGrossAmount", "Pretax Gross Amount", "InvoiceDiscount", "Invoice Discount",
        "RoundDownDiscount", "Round Down Discount", "DeductedByCoupons", "Deducted By Coupons",
        "PretaxAmount", "Pretax Amount", "SpnDiscountAmount", "Spn Discount Amount",
        "DeductedBySavingsPlan", "Deducted By Savings Plan", "DeductedByReservedInstance",
        "Deducted By Reserved Instance", "SpnID", "Spn ID", "SavingsPlanID", "Savings Plan ID",
        "ReservedInstanceID", "Reserved Instance ID", "DeductedByResourcePackage",
        "Deducted By Resource Package", "Tax", "Currency", "PaymentCurrency", "Payment Currency",
        "ListPrice", "List Price", "Usage", "UsageUnit", "Usage Unit", "BillingCycle", "Billing Cycle",
        "BillingDate", "Billing Date", "UsageStartTime", "Usage Start Time", "UsageEndTime",
        "Usage End Time", "AccountID", "Account ID", "AccountName", "Account Name", "OwnerID", "Owner ID",
        "OwnerAccountName", "Owner Account Name", "SubscriptionType", "Subscription Type", "Item",
        "Bill Type", "BillingType", "Billing Type", "BillingItem", "Billing Item", "BillingItemCode",
        "Billing Item Code", "CommodityCode", "Commodity Code", "ProductCode", "Product Code",
        "ProductName", "Product Name", "ProductType", "Product Type", "ProductDetail", "Product Detail",
        "ServicePeriod", "Service Period", "ServicePeriodUnit", "Service Period Unit", "InstanceID",
        "Instance ID", "NickName", "Nick Name", "Instance Name", "InstanceSpec", "Instance Spec",
        "InstanceConfig", "Instance Config", "ResourceGroup", "Resource Group", "Region", "Zone", "Tag",
        "CostUnit", "Cost Unit", "RecordID", "Record ID",
    ]
}
