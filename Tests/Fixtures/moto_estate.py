"""Starts moto on a free port of 127.0.0.1 with something of every kind that the AWS adapter lists, and prints what
boto3 lists of it as one line of JSON. Ends with its input."""
import json
import os
import sys

# What is made below is made before signatures are checked.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "inf"
import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()


def client(name, region=REGION):
    return boto3.client(
        name, endpoint_url=url, region_name=region, aws_access_key_id="testing", aws_secret_access_key="testing")


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


def make_ec2(region):
    ec2 = client("ec2", region)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    reply = ec2.run_instances(
        ImageId=image, MinCount=3, MaxCount=3, InstanceType="m5.large",
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags(Name="web", Team="", **{"cost:unit": "a&b <c>"})}])
    ids = [item["InstanceId"] for item in reply["Instances"]]
    ec2.stop_instances(InstanceIds=ids[2:])
    zone = region + "a"
    volume = ec2.create_volume(AvailabilityZone=zone, Size=20, VolumeType="gp2")["VolumeId"]
    ec2.create_volume(
        AvailabilityZone=zone, Size=8, VolumeType="gp3",
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags(Name="loose")}])
    ec2.attach_volume(VolumeId=volume, InstanceId=ids[0], Device="/dev/sdf")
    ec2.create_snapshot(VolumeId=volume, Description="nightly")
    ec2.create_image(InstanceId=ids[0], Name="golden-" + region)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    used = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=used, InstanceId=ids[0])
    subnet = ec2.describe_subnets()["Subnets"][0]
    ec2.create_network_interface(SubnetId=subnet["SubnetId"])
    ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], AllocationId=address)
    ec2.create_vpc_endpoint(VpcId=subnet["VpcId"], ServiceName="com.amazonaws.%s.s3" % region)
    ec2.create_security_group(GroupName="db", Description="databases", VpcId=subnet["VpcId"])
    return ids, subnet


def make_rest(ids, subnet):
    elb = client("elb")
    elb.create_load_balancer(
        LoadBalancerName="old", AvailabilityZones=[REGION + "a"], Tags=tags(age="old"),
        Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 80}])
    elb.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": ids[0]}])
    v2 = client("elbv2")
    others = [item["SubnetId"] for item in client("ec2").describe_subnets()["Subnets"]][:2]
    balancer = v2.create_load_balancer(Name="new", Subnets=others, Tags=tags(age="new"))["LoadBalancers"][0]
    group = v2.create_target_group(
        Name="targets", Protocol="HTTP", Port=80, VpcId=subnet["VpcId"])["TargetGroups"][0]["TargetGroupArn"]
    v2.register_targets(TargetGroupArn=group, Targets=[{"Id": ids[1]}])
    v2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    scaling = client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName="lc", ImageId=client("ec2").describe_images()["Images"][0]["ImageId"],
        InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="fleet", LaunchConfigurationName="lc", MinSize=1, MaxSize=3, DesiredCapacity=2,
        AvailabilityZones=[REGION + "a"],
        Tags=[{"Key": "Team", "Value": "x", "ResourceId": "fleet", "ResourceType": "auto-scaling-group",
               "PropagateAtLaunch": True}])
    rds = client("rds")
    for name in ("orders", "people"):
        rds.create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20,
            MasterUsername="u", MasterUserPassword="password", Tags=tags(Name=name))
    rds.create_db_snapshot(DBSnapshotIdentifier="before", DBInstanceIdentifier="orders")
    cache = client("elasticache")
    cache.create_cache_cluster(
        CacheClusterId="sessions", CacheNodeType="cache.t3.small", Engine="redis", NumCacheNodes=1,
        Tags=tags(Name="sessions"))
    client("redshift").create_cluster(
        ClusterIdentifier="dwh", NodeType="ra3.xlplus", MasterUsername="u", MasterUserPassword="Password1",
        NumberOfNodes=2, Tags=tags(Name="dwh"))
    client("opensearch").create_domain(
        DomainName="logs", ClusterConfig={"InstanceType": "m5.large.search", "InstanceCount": 1},
        TagList=tags(Name="logs"))
    client("dynamodb").create_table(
        TableName="carts", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST", Tags=tags(Team="shop"))
    iam = client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName="run", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.create_user(UserName="ann")
    import io
    import zipfile
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("a.py", "def f(e, c): return 1")
    client("lambda").create_function(
        FunctionName="resize", Runtime="python3.12", Role=role, Handler="a.f", Code={"ZipFile": code.getvalue()},
        MemorySize=512, Tags={"Team": "media"})
    eks = client("eks")
    eks.create_cluster(
        name="prod", roleArn=role, resourcesVpcConfig={"subnetIds": [subnet["SubnetId"]]}, tags={"Team": "k"})
    eks.create_nodegroup(
        clusterName="prod", nodegroupName="blue", nodeRole=role, subnets=[subnet["SubnetId"]],
        instanceTypes=["m5.large"], tags={"Team": "k"})
    ecs = client("ecs")
    ecs.create_cluster(clusterName="jobs")
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "c", "image": "i", "memory": 64}])
    ecs.create_service(cluster="jobs", serviceName="api", taskDefinition="t", desiredCount=2, launchType="EC2")
    client("kinesis").create_stream(StreamName="clicks", ShardCount=2)
    client("logs").create_log_group(logGroupName="/app/x", tags={"Team": "x"})
    s3 = client("s3")
    s3.create_bucket(Bucket="plain-bucket")
    s3.create_bucket(Bucket="west-bucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_bucket_tagging(Bucket="west-bucket", Tagging={"TagSet": tags(Team="w", Empty="")})
    s3.put_bucket_lifecycle_configuration(
        Bucket="west-bucket", LifecycleConfiguration={"Rules": [
            {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""},
             "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})
    s3.create_multipart_upload(Bucket="plain-bucket", Key="big")
    watch = client("cloudwatch")
    import datetime
    hour = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
    for back in range(1, 4):
        watch.put_metric_data(Namespace="AWS/EC2", MetricData=[
            {"MetricName": "CPUUtilization", "Dimensions": [{"Name": "InstanceId", "Value": ids[0]}],
             "Timestamp": hour - datetime.timedelta(hours=back), "Value": 10.5 * back, "Unit": "Percent"}])


def listing(region):
    """What boto3 lists, by our types: id -> (sku, state, tags)."""
    ec2 = client("ec2", region)
    found = {}

    def put(kind, identity, sku="", state="", labels=(), key="Key", value="Value"):
        pairs = labels if isinstance(labels, dict) else {item[key]: item.get(value, "") for item in labels or ()}
        found.setdefault(kind, {})[identity] = {"sku": sku, "state": state, "tags": pairs}

    def pages(service, name, items, **arguments):
        api = client(service, region)
        if api.can_paginate(name):
            for page in api.get_paginator(name).paginate(**arguments):
                yield from page[items]
        else:
            yield from getattr(api, name)(**arguments)[items]

    for reservation in pages("ec2", "describe_instances", "Reservations"):
        for item in reservation["Instances"]:
            put("instance", item["InstanceId"], item["InstanceType"], item["State"]["Name"], item.get("Tags"))
    for item in pages("ec2", "describe_volumes", "Volumes"):
        put("volume", item["VolumeId"], item["VolumeType"], item["State"], item.get("Tags"))
    for item in pages("ec2", "describe_snapshots", "Snapshots", OwnerIds=["self"]):
        put("snapshot", item["SnapshotId"], item.get("StorageTier", ""), item["State"], item.get("Tags"))
    for item in pages("ec2", "describe_images", "Images", Owners=["self"]):
        put("image", item["ImageId"], "", item["State"], item.get("Tags"))
    for item in pages("ec2", "describe_addresses", "Addresses"):
        put("address", item.get("AllocationId") or item["PublicIp"], "", "", item.get("Tags"))
    for item in pages("ec2", "describe_network_interfaces", "NetworkInterfaces"):
        put("network-interface", item["NetworkInterfaceId"], "", item["Status"], item.get("TagSet"))
    for item in pages("ec2", "describe_nat_gateways", "NatGateways"):
        put("nat-gateway", item["NatGatewayId"], "", item["State"], item.get("Tags"))
    for item in pages("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        put("vpc-endpoint", item["VpcEndpointId"], item.get("VpcEndpointType", ""), item["State"], item.get("Tags"))
    for item in pages("ec2", "describe_security_groups", "SecurityGroups"):
        put("security-group", item["GroupId"], "", "", item.get("Tags"))
    elb = client("elb", region)
    for item in pages("elb", "describe_load_balancers", "LoadBalancerDescriptions"):
        name = item["LoadBalancerName"]
        labels = elb.describe_tags(LoadBalancerNames=[name])["TagDescriptions"][0]["Tags"]
        put("load-balancer", name, "classic", "", labels)
    v2 = client("elbv2", region)
    for item in pages("elbv2", "describe_load_balancers", "LoadBalancers"):
        arn = item["LoadBalancerArn"]
        labels = v2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
        put("load-balancer", arn, item["Type"], item["State"]["Code"], labels)
    for item in pages("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
        put("instance-group", item["AutoScalingGroupARN"], "t3.micro", item.get("Status", ""), item["Tags"])
    for item in pages("rds", "describe_db_instances", "DBInstances"):
        put("database", item["DBInstanceArn"], item["DBInstanceClass"], item["DBInstanceStatus"], item["TagList"])
    for item in pages("rds", "describe_db_snapshots", "DBSnapshots"):
        put("database-snapshot", item["DBSnapshotArn"], "", item["Status"], item["TagList"])
    cache = client("elasticache", region)
    for item in pages("elasticache", "describe_cache_clusters", "CacheClusters"):
        labels = cache.list_tags_for_resource(ResourceName=item["ARN"])["TagList"]
        put("cache", item["ARN"], item["CacheNodeType"], item["CacheClusterStatus"], labels)
    for item in pages("redshift", "describe_clusters", "Clusters"):
        put("warehouse", item["ClusterIdentifier"], item["NodeType"], item["ClusterStatus"], item["Tags"])
    search = client("opensearch", region)
    for name in [item["DomainName"] for item in search.list_domain_names()["DomainNames"]]:
        item = search.describe_domain(DomainName=name)["DomainStatus"]
        labels = search.list_tags(ARN=item["ARN"])["TagList"]
        put("search", item["ARN"], item["ClusterConfig"]["InstanceType"], item.get("DomainProcessingStatus", ""), labels)
    dynamo = client("dynamodb", region)
    for name in pages("dynamodb", "list_tables", "TableNames"):
        item = dynamo.describe_table(TableName=name)["Table"]
        labels = dynamo.list_tags_of_resource(ResourceArn=item["TableArn"])["Tags"]
        put("table", item["TableArn"], "", item["TableStatus"], labels)
    functions = client("lambda", region)
    for item in pages("lambda", "list_functions", "Functions"):
        put("function", item["FunctionArn"], "", item.get("State", ""),
            functions.list_tags(Resource=item["FunctionArn"])["Tags"])
    eks = client("eks", region)
    for name in pages("eks", "list_clusters", "clusters"):
        item = eks.describe_cluster(name=name)["cluster"]
        put("cluster", item["arn"], "", item["status"], item["tags"])
        for group in eks.list_nodegroups(clusterName=name)["nodegroups"]:
            item = eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
            put("node-group", item["nodegroupArn"], ",".join(item["instanceTypes"]), item["status"], item["tags"])
    ecs = client("ecs", region)
    for arn in pages("ecs", "list_clusters", "clusterArns"):
        for service in ecs.list_services(cluster=arn)["serviceArns"]:
            item = ecs.describe_services(cluster=arn, services=[service])["services"][0]
            put("container-service", item["serviceArn"], item.get("launchType", ""), item["status"], item.get("tags"),
                "key", "value")
    kinesis = client("kinesis", region)
    for name in kinesis.list_streams()["StreamNames"]:
        item = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
        put("stream", item["StreamARN"], "", item["StreamStatus"], kinesis.list_tags_for_stream(StreamName=name)["Tags"])
    logs = client("logs", region)
    for item in pages("logs", "describe_log_groups", "logGroups"):
        arn = item["arn"].removesuffix(":*")
        put("log-group", arn, "", "", logs.list_tags_for_resource(resourceArn=arn)["tags"])
    if region == REGION:
        for item in pages("iam", "list_users", "Users"):
            put("user", item["Arn"])
        s3 = client("s3")
        for item in s3.list_buckets()["Buckets"]:
            try:
                labels = s3.get_bucket_tagging(Bucket=item["Name"])["TagSet"]
            except s3.exceptions.ClientError:
                labels = []
            put("bucket", item["Name"], "", "", labels)
    return found


def reader(policy):
    """Keys of a user that may do what the policy says."""
    iam = client("iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


ids, subnet = make_ec2(REGION)
make_rest(ids, subnet)
make_ec2("eu-west-1")
key = reader(sys.stdin.readline()) if sys.argv[1:] == ["--policy"] else ("testing", "testing")
facts = {
    "url": url, "regions": {region: listing(region) for region in (REGION, "eu-west-1")}, "measured": ids[0],
    "key": key[0], "secret": key[1]}
if sys.argv[1:] == ["--policy"]:
    # From here on every signature is checked, and every call against the policy.
    from moto import settings
    from moto.core.authorization import ActionAuthenticatorMixin
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    ActionAuthenticatorMixin.request_count = 0
print(json.dumps(facts), flush=True)
sys.stdin.read()
server.stop()
