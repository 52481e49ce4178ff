import Foundation
import PlimsollCore

/// Bill details of the estate: a reserved instance bought for a year, a savings plan paid by the hour, a
/// machine bought for a month, a contract discount, a coupon.
struct AlibabaFiles {
    private let estate = Estate(
        [("ecs.g7.large", "ecs.g7"), ("ecs.g7.xlarge", "ecs.g7"), ("ecs.c7.large", "ecs.c7")], reserved: 2,
        isFlexible: false)
    private var sheet = Sheet()

    static func bill() -> KnownBill {
        var files = AlibabaFiles()
        files.write()
        return KnownBill(
            files: [("bill.csv", "alibaba-bill-details", files.sheet.csv)], commitments: files.commitments,
            agreements: files.agreements, prices: files.prices, storage: "Object Storage Service", hasEffective: false)
    }

    // MARK: Rows

    private mutating func write() {
        order()
        for index in 0..<Estate.days {
            let day = estate.day(index)
            for hour in 0..<24 {
                for share in day.shares { usage(share, estate.hour(index, hour)) }
                fee(estate.hour(index, hour))
                storage(estate.hour(index, hour))
            }
        }
    }

    private mutating func usage(_ share: Estate.Share, _ hour: Hour) {
        let machine = estate.machines[share.machine]
        let gross = machine.list * share.quantity
        var row = [
            "ProductCode": "ecs", "ProductName": "Elastic Compute Service", "InstanceSpec": machine.sku,
            "InstanceID": "i-\(share.machine)", "OwnerID": machine.account, "Region": "cn-hangzhou",
            "Usage": share.quantity.description, "UsageUnit": "Hour", "ListPrice": machine.list.description,
            "PretaxGrossAmount": gross.description, "PretaxAmount": "0",
        ]
        switch share.commitment {
        case .reservation:
            row.merge(["ReservedInstanceID": "ri-1", "DeductedByReservedInstance": gross.description]) { $1 }
            // What the reserved instance deducts is part of the discount.
            row["InvoiceDiscount"] = gross.description
        case .plan:
            let burnt = machine.rate * share.quantity
            row.merge([
                "SpnID": "spn-1", "SpnDiscountAmount": burnt.description,
                "InvoiceDiscount": (gross - burnt).description,
            ]) { $1 }
        case nil:
            row["InvoiceDiscount"] = gross.percent(10).description
            row["PretaxAmount"] = (gross - gross.percent(10)).description
        }
        add(hour, row)
    }

    private mutating func fee(_ hour: Hour) {
        add(
            hour,
            [
                "ProductCode": "savingplan", "ProductDetail": "ECS Savings Plan", "InstanceID": "spn-1",
                "OwnerID": "a1",
                "ServicePeriod": "1", "ServicePeriodUnit": "Year", "PretaxGrossAmount": estate.hourlyPlan.description,
                "PretaxAmount": estate.hourlyPlan.description,
            ])
    }

    private mutating func storage(_ hour: Hour) {
        let coupon = hour == estate.hour(2) ? Money.text("0.05") : .zero
        add(
            hour,
            [
                "ProductCode": "oss", "ProductName": "Object Storage Service", "BillingItemCode": "Storage",
                "OwnerID": "a1",
                "Region": "cn-hangzhou", "Usage": "\(estate.storage)", "UsageUnit": "GB",
                "ListPrice": estate.storagePrice.description, "PretaxGrossAmount": estate.storageCost.description,
                "InvoiceDiscount": estate.storageCost.percent(5).description, "DeductedByCoupons": coupon.description,
                "PretaxAmount": (estate.storageCost - estate.storageCost.percent(5) - coupon).description,
            ])
    }

    private mutating func order() {
        let fee = estate.reservedFee * Quantity(estate.reserved * 8_760)
        let reserved = [
            "CommodityCode": "ecsRi", "ProductDetail": "Reserved Instance", "InstanceID": "ri-1",
            "InstanceSpec": "ecs.g7.large", "Usage": "\(estate.reserved)", "ServicePeriodUnit": "Year",
            "UsageEndTime": "2027-04-29T00:00:00Z", "PretaxGrossAmount": fee.description,
            "PretaxAmount": fee.description,
        ]
        let machine = [
            "InstanceID": "i-sub", "InstanceSpec": "ecs.r7.large", "ServicePeriodUnit": "Month",
            "UsageEndTime": "2026-05-29T00:00:00Z", "PretaxGrossAmount": "72", "PretaxAmount": "72",
        ]
        for cells in [reserved, machine] {
            add(
                Estate.first,
                [
                    "Item": "SubscriptionOrder", "SubscriptionType": "Subscription", "ProductCode": "ecs",
                    "OwnerID": "a1",
                    "ProductName": "Elastic Compute Service", "Region": "cn-hangzhou", "ServicePeriod": "1",
                ].merging(cells) { $1 })
        }
    }

    private mutating func add(_ hour: Hour, _ cells: [String: String]) {
        let row = [
            "BillingCycle": String(hour.day.description.prefix(7)), "AccountID": "1", "Currency": "USD",
            "Item": "PayAsYouGoBill", "SubscriptionType": "PayAsYouGo", "UsageStartTime": hour.description,
            "UsageEndTime": hour.advanced(by: 1).description,
        ]
        sheet.add(row.merging(cells) { $1 })
    }

    // MARK: What it was made of

    private var commitments: [Commitment] {
        var all = Commitment()
        (all.provider, all.billingAccount, all.currency, all.account) = ("alibaba", "1", "USD", "a1")
        var machines = all
        (machines.id, machines.offer, machines.region) = ("ri-1", Offer(rawValue: "reservation"), "cn-hangzhou")
        (machines.sku, machines.os, machines.tenancy) = ("ecs.g7.large", "linux", "shared")
        (machines.quantity, machines.upfront) = (Quantity(estate.reserved), .text("525.6"))
        (machines.term, machines.payment) = (.oneYear, .all)
        (machines.start, machines.end) = (Instant("2026-04-29T00:00:00Z"), Instant("2027-04-29T00:00:00Z"))
        var plan = all
        (plan.id, plan.offer, plan.hourlyCommitment) = ("spn-1", Offer(rawValue: "savings-plan-ecs"), estate.hourlyPlan)
        (plan.term, plan.payment) = (.oneYear, Payment.none)
        var bought = all
        (bought.id, bought.offer, bought.region) = ("i-sub", Offer(rawValue: "subscription"), "cn-hangzhou")
        (bought.sku, bought.os, bought.tenancy) = ("ecs.r7.large", "linux", "shared")
        (bought.quantity, bought.upfront, bought.payment) = (Quantity(1), Money(72), .all)
        (bought.start, bought.end) = (Instant("2026-04-29T00:00:00Z"), Instant("2026-05-29T00:00:00Z"))
        return [machines, plan, bought]
    }

    private var agreements: [Agreement] {
        [
            Agreement(
                name: "contract discount", billingAccount: "1", service: "compute",
                kind: .discount(percent: Quantity(10))),
            Agreement(
                name: "contract discount", billingAccount: "1", service: "Object Storage Service",
                kind: .discount(percent: Quantity(5))),
            Agreement(
                name: "Coupon", billingAccount: "1", service: "Object Storage Service",
                kind: .credit(amount: .text("0.05"), expires: Day("2026-06-01"))),
        ]
    }

    private var prices: [String: Money] {
        [
            "ecs.g7.large on-demand": "0.1", "ecs.g7.xlarge on-demand": "0.2", "ecs.c7.large on-demand": "0.08",
            "Storage//cn-hangzhou on-demand": "0.02", "ecs.g7.large savings-plan-ecs": "0.064",
            "ecs.g7.xlarge savings-plan-ecs": "0.16", "ecs.c7.large savings-plan-ecs": "0.04",
            "ecs.g7.large reservation": "0.06",
        ].mapValues { .text($0) }
    }
}
