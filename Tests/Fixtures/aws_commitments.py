"""A server on 127.0.0.1 that answers what moto does not have: commitments, in two pages where the API has pages. Prints
its address and what boto3 reads of it, as one line of JSON. Ends with its input."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import boto3

EC2 = """<DescribeReservedInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>
<reservedInstancesSet>%s</reservedInstancesSet></DescribeReservedInstancesResponse>"""


def reserved(number, state="active", zone="", product="Linux/UNIX", tenancy="default", kind="standard", hourly="0.05"):
    place = "<availabilityZone>%s</availabilityZone><scope>Availability Zone</scope>" % zone if zone else \
        "<scope>Region</scope>"
    return """<item><reservedInstancesId>ri-%d</reservedInstancesId><instanceType>m5.xlarge</instanceType>%s
<start>2025-03-01T10:30:00.123Z</start><duration>31536000</duration><end>2026-03-01T10:29:59.000Z</end>
<fixedPrice>250.5</fixedPrice><usagePrice>0.0</usagePrice><instanceCount>%d</instanceCount>
<productDescription>%s</productDescription><state>%s</state><instanceTenancy>%s</instanceTenancy>
<currencyCode>USD</currencyCode><offeringClass>%s</offeringClass><offeringType>Partial Upfront</offeringType>
<recurringCharges><item><frequency>Hourly</frequency><amount>%s</amount></item></recurringCharges></item>""" % (
        number, place, number, product, state, tenancy, kind, hourly)


def query(service, action, items, marker=""):
    return "<%sResponse xmlns='http://%s.amazonaws.com/doc/'><%sResult>%s%s</%sResult></%sResponse>" % (
        action, service, action, items, "<Marker>%s</Marker>" % marker if marker else "", action, action)


def nodes(name, identity, kind, count, product, number, option="No Upfront"):
    return """<%s><%s>n-%d</%s><%s>x.large</%s><StartTime>2025-01-01T00:00:00Z</StartTime><Duration>94608000</Duration>
<FixedPrice>0.0</FixedPrice><UsagePrice>0.0</UsagePrice><CurrencyCode>USD</CurrencyCode><%s>%d</%s>%s
<OfferingType>%s</OfferingType><State>active</State><RecurringCharges><RecurringCharge>
<RecurringChargeAmount>0.125</RecurringChargeAmount><RecurringChargeFrequency>Hourly</RecurringChargeFrequency>
</RecurringCharge></RecurringCharges></%s>""" % (
        name, identity, number, identity, kind, kind, count, number, count,
        "<ProductDescription>%s</ProductDescription>" % product if product else "", option, name)


def form(fields):
    action, marker = fields["Action"][0], fields.get("Marker", [""])[0]
    if action == "DescribeReservedInstances":
        return EC2 % (
            reserved(1) + reserved(2, zone="us-east-1a", product="Windows with SQL Server Standard", hourly="0.3")
            + reserved(3, kind="convertible", product="Red Hat Enterprise Linux", tenancy="dedicated")
            + reserved(4, state="retired"))
    if action == "DescribeCapacityReservations":
        return """<DescribeCapacityReservationsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<capacityReservationSet><item><capacityReservationId>cr-1</capacityReservationId><instanceType>p4d.24xlarge</instanceType>
<availabilityZone>us-east-1b</availabilityZone><state>active</state><totalInstanceCount>2</totalInstanceCount>
<availableInstanceCount>1</availableInstanceCount><createDate>2025-06-01T00:00:00.000Z</createDate>
<tagSet><item><key>Team</key><value>ml</value></item></tagSet></item></capacityReservationSet>
</DescribeCapacityReservationsResponse>"""
    if action == "DescribeReservedDBInstances":
        item = ("ReservedDBInstance", "ReservedDBInstanceId", "DBInstanceClass", "DBInstanceCount", "postgresql")
        page = nodes(*item, 2 if marker else 1)
        return query("rds", action, "<ReservedDBInstances>%s</ReservedDBInstances>" % page, "" if marker else "next")
    if action == "DescribeReservedCacheNodes":
        item = ("ReservedCacheNode", "ReservedCacheNodeId", "CacheNodeType", "CacheNodeCount", "redis")
        return query("elasticache", action, "<ReservedCacheNodes>%s</ReservedCacheNodes>" % nodes(*item, 3))
    if action == "DescribeReservedNodes":
        item = ("ReservedNode", "ReservedNodeId", "NodeType", "NodeCount", "")
        return query("redshift", action, "<ReservedNodes>%s</ReservedNodes>" % nodes(*item, 4, "All Upfront"))
    if action == "GetCallerIdentity":
        return query("sts", action, "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/u</Arn>")
    return None


def plan(number, kind, state="active", **more):
    return {
        "savingsPlanId": "sp-%d" % number, "savingsPlanType": kind, "state": state, "commitment": "1.25000000",
        "currency": "USD", "paymentOption": "Partial Upfront", "termDurationInSeconds": 94608000,
        "start": "2025-02-01T00:00:00.000Z", "end": "2028-01-31T23:59:59.000Z", "upfrontPaymentAmount": "16425.0",
        "recurringPaymentAmount": "0.625", **more}


SEARCH = {"ReservedInstances": [{
    "ReservedInstanceId": "es-5", "InstanceType": "m5.large.search", "StartTime": 1735689600.0, "Duration": 31536000,
    "FixedPrice": 100.0, "UsagePrice": 0.0, "CurrencyCode": "USD", "InstanceCount": 5, "State": "active",
    "PaymentOption": "PARTIAL_UPFRONT",
    "RecurringCharges": [{"RecurringChargeAmount": 0.1, "RecurringChargeFrequency": "Hourly"}]}]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, text, status=200):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/2021-01-01/opensearch/reservedInstances"):
            self.answer(json.dumps(SEARCH))
        else:
            self.answer("<Error><Code>NotImplemented</Code><Message>not here</Message></Error>", 501)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/DescribeSavingsPlans":
            if json.loads(body or "{}").get("nextToken"):
                self.answer(json.dumps({"savingsPlans": [
                    plan(3, "SageMaker"), plan(4, "Compute", "retired"), plan(5, "Database", "queued")]}))
            else:
                self.answer(json.dumps({"nextToken": "n", "savingsPlans": [
                    plan(1, "Compute"), plan(2, "EC2Instance", region="us-east-1", ec2InstanceFamily="m5")]}))
            return
        fields = parse_qs(body)
        text = form(fields) if "Action" in fields else None
        if text:
            self.answer(text)
        else:
            self.answer("<ErrorResponse><Error><Code>InvalidAction</Code><Message>no</Message></Error></ErrorResponse>", 400)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = "http://127.0.0.1:%d" % server.server_port


def client(name):
    return boto3.client(
        name, endpoint_url=url, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")


def amount(item, usage, charges, key):
    return "%g" % (item[usage] + sum(charge[key] for charge in item[charges]))


found = {}
for item in client("ec2").describe_reserved_instances()["ReservedInstances"]:
    found[item["ReservedInstancesId"]] = {
        "sku": item["InstanceType"], "count": str(item["InstanceCount"]), "upfront": "%g" % item["FixedPrice"],
        "hourly": amount(item, "UsagePrice", "RecurringCharges", "Amount"), "state": item["State"],
        "zone": item.get("AvailabilityZone", ""), "start": item["Start"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": item["End"].strftime("%Y-%m-%dT%H:%M:%SZ"), "class": item["OfferingClass"]}
for service, call, key, identity, sku, count in (
        ("rds", "describe_reserved_db_instances", "ReservedDBInstances", "ReservedDBInstanceId", "DBInstanceClass",
         "DBInstanceCount"),
        ("elasticache", "describe_reserved_cache_nodes", "ReservedCacheNodes", "ReservedCacheNodeId", "CacheNodeType",
         "CacheNodeCount"),
        ("redshift", "describe_reserved_nodes", "ReservedNodes", "ReservedNodeId", "NodeType", "NodeCount"),
        ("opensearch", "describe_reserved_instances", "ReservedInstances", "ReservedInstanceId", "InstanceType",
         "InstanceCount")):
    api = client(service)
    for page in api.get_paginator(call).paginate() if api.can_paginate(call) else [getattr(api, call)()]:
        for item in page[key]:
            found[item[identity]] = {
                "sku": item[sku], "count": str(item[count]), "upfront": "%g" % item["FixedPrice"],
                "hourly": amount(item, "UsagePrice", "RecurringCharges", "RecurringChargeAmount"),
                "state": item["State"], "zone": "", "start": item["StartTime"].strftime("%Y-%m-%dT%H:%M:%SZ"),
                "end": "", "class": "standard"}
token = {}
while True:
    page = client("savingsplans").describe_savings_plans(**token)
    for item in page["savingsPlans"]:
        found[item["savingsPlanId"]] = {
            "state": item["state"], "commitment": item["commitment"], "region": item.get("region", ""),
            "family": item.get("ec2InstanceFamily", ""), "type": item["savingsPlanType"]}
    if not page.get("nextToken"):
        break
    token = {"nextToken": page["nextToken"]}
capacity = client("ec2").describe_capacity_reservations()["CapacityReservations"]
print(json.dumps({
    "url": url, "commitments": found,
    "capacity": {item["CapacityReservationId"]: item["InstanceType"] for item in capacity}}), flush=True)
sys.stdin.read()
server.shutdown()
